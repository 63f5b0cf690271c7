import type { BackendRequest } from "../backend.ts";
import type { Concession, Feature } from "./concession.ts";

/** How a request is sent: what its server does not take is left out. */
export interface Terms {
  takes(feature: Feature): boolean;
  /** Infinity without a limit. */
  most(of: "output" | "images" | "documents"): number;
  /** Paths of fields to leave out of the body. */
  readonly fields: readonly string[];
  /** Whether the server takes the file with this content. */
  takesFile(hash: string): boolean;
  /** False spares hashing files. */
  readonly knowsFiles: boolean;
}

export function termsOf(concessions: readonly Concession[]): Terms {
  const features = new Set<Feature>();
  const limits = new Map<string, number>();
  const files = new Set<string>();
  const fields: string[] = [];
  for (const concession of concessions) {
    if (concession.kind === "feature") features.add(concession.feature);
    if (concession.kind === "field") fields.push(concession.path);
    if (concession.kind === "most") limits.set(concession.of, concession.number);
    if (concession.kind === "file") files.add(concession.hash);
  }
  return {
    takes: (feature) => !features.has(feature),
    most: (of) => limits.get(of) ?? Infinity,
    fields,
    takesFile: (hash) => !files.has(hash),
    knowsFiles: files.size > 0,
  };
}

/** Whether the tool choice must make the model call a tool. */
export const forcesCall = (
  { tools, toolChoice }: BackendRequest,
  mayForce: boolean | undefined,
  terms: Terms,
): boolean =>
  mayForce === true && tools.length > 0 && toolChoice === "required" && terms.takes("forced_tools");

/** Everything is sent. */
export const FULL_TERMS: Terms = termsOf([]);
