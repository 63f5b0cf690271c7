/** Something wrong with a team file, and where. */
export interface TeamProblem {
  /** The team the file would be. */
  readonly team: string;
  readonly file: string;
  /** 1-based; 1:1 when it concerns the whole file. */
  readonly line: number;
  readonly column: number;
  /** What is wrong and what to write instead; never a secret. */
  readonly message: string;
  /** An error keeps the file from being used; a warning does not. */
  readonly severity: "error" | "warning";
  /** `keys`: the file is fine, but no API key is set that it could use. */
  readonly cause: "file" | "keys";
}

/** `configs/duo.yaml:7:5: unknown key "modle"; did you mean "model"?` */
export const formatProblem = (problem: TeamProblem): string =>
  `${problem.file}:${problem.line}:${problem.column}: ${problem.severity === "warning" ? "warning: " : ""}${problem.message}`;
