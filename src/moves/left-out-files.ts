import type { LeftOut } from "../backends/backend.ts";
import type { Conversation } from "../conversation/message.ts";
import type { MoveAgent } from "./moves-options.ts";

/** The files of a turn that some models did not get. */
export interface LeftOutFiles {
  /** What to call for an agent's backend. */
  readonly of: (agent: MoveAgent) => (files: readonly LeftOut[]) => void;
  /** A sentence for each model: "Not read by llama4: cat.png (this model reads no images)." */
  readonly lines: () => readonly string[];
}

/** People are told of a file in the turn that brings it, and when a server first refuses it. */
export function createLeftOutFiles({ request }: Conversation): LeftOutFiles {
  const byModel = new Map<string, Map<string, string>>();
  const asked = new Set(request.files.map(({ name }) => name.trim()));
  return {
    of:
      ({ backend }) =>
      (files) => {
        const told = byModel.get(backend.model) ?? new Map<string, string>();
        for (const { file, why, isNew } of files) {
          if (isNew || asked.has(file)) told.set(file, why);
        }
        if (told.size > 0) byModel.set(backend.model, told);
      },
    lines: () =>
      [...byModel].map(([model, files]) => {
        const list = [...files].map(([file, why]) => `${file} (${why})`);
        return `Not read by ${model}: ${list.join(", ")}.`;
      }),
  };
}
