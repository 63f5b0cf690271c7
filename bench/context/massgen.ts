import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import type { Conversation } from "../../src/conversation/message.ts";

const SCRIPT = join(import.meta.dirname, "massgen.py");

/** Milliseconds to build the prompts of all agents once, a median; their tokens, four characters each. */
const Figures = z.object({ ms: z.number(), tokens: z.number() });
export type MassgenFigures = z.infer<typeof Figures>;

export interface MassgenCell {
  readonly conversation: Conversation;
  /** The answers under review, one an agent. */
  readonly answers: readonly string[];
  readonly runs: number;
}

const inputOf = ({ conversation: { history, request }, answers, runs }: MassgenCell) => ({
  request: request.text,
  history: history.map(({ role, text }) => ({ role, content: text })),
  answers: Object.fromEntries(answers.map((text, i) => [`agent${i}`, text])),
  runs,
});

/** The same cells with the templates of the checkout in `folder`, on this machine, in order. Throws when Python or the checkout does not run. */
export function measureMassgen(
  folder: string,
  cells: readonly MassgenCell[],
): readonly MassgenFigures[] {
  const input = JSON.stringify(cells.map(inputOf));
  const { error, status, stdout, stderr } = spawnSync("python3", [SCRIPT, folder], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (error || status !== 0) {
    const why = error?.message ?? stderr.trim().split("\n").at(-1);
    throw new Error(
      `The MassGen checkout that MASSGEN names, ${folder}, could not be measured: ${why}. It needs python3 and massgen/message_templates.py.`,
    );
  }
  return z.array(Figures).length(cells.length).parse(JSON.parse(stdout));
}
