/** A problem in a team file, with its position. */
export interface TeamProblem {
  /** The team that the file defines. */
  readonly team: string;
  readonly file: string;
  /** 1-based; 1:1 for the whole file. */
  readonly line: number;
  readonly column: number;
  /** What is wrong and how to fix it. Never contains a secret. */
  readonly message: string;
  /** Errors prevent use of the file; warnings do not. */
  readonly severity: "error" | "warning";
  /** `keys`: the file is valid, but no usable API key is set. */
  readonly cause: "file" | "keys";
}

/** `configs/duo.yaml:7:5: unknown key "modle"; did you mean "model"?` */
export const formatProblem = (problem: TeamProblem): string =>
  `${problem.file}:${problem.line}:${problem.column}: ${problem.severity === "warning" ? "warning: " : ""}${problem.message}`;
