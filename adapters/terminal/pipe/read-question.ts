import { fstatSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { z } from "zod";
import type { Clock } from "../../../src/clock.ts";

export interface QuestionSources {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** From the command line; undefined: the whole input is the question. */
  readonly question: string | undefined;
  readonly clock: Clock;
  /** Whether a shell's pipe or a file is the input. */
  readonly isPiped: boolean;
  /** Tells the person something on the error stream. */
  readonly warn: (text: string) => void;
}

/** An input that another program keeps open without writing anything is not waited for, ms. */
const SILENT_MS = 3_000;

/** The question, with the input below it. Rejects when there is none. */
export async function readQuestion({
  input,
  question,
  clock,
  isPiped,
  warn,
}: QuestionSources): Promise<string> {
  if (question !== undefined && input.isTTY === true) return question;
  const given =
    question === undefined
      ? await readAll(input)
      : await readBeside({ input, clock, isPiped, warn });
  const text = [question ?? "", given].map((part) => part.trim()).filter((part) => part !== "");
  if (text.length > 0) return text.join("\n\n");
  throw new Error('No question: write one after -p ("…") or to standard input.');
}

/** What stands on the input besides the question. A shell's pipe is read to its end, however long that takes. */
async function readBeside({
  input,
  clock,
  isPiped,
  warn,
}: Omit<QuestionSources, "question">): Promise<string> {
  const first = new Promise<"data">((resolve) => {
    for (const event of ["readable", "end", "error"]) input.once(event, () => resolve("data"));
  });
  const silence = Promise.withResolvers<"silent">();
  const cancel = clock.setTimer(SILENT_MS, () => {
    if (isPiped) warn("Waiting for standard input to end …");
    else silence.resolve("silent");
  });
  const came = await Promise.race([first, silence.promise]);
  if (came === "data") {
    const text = await readAll(input);
    cancel();
    return text;
  }
  warn("Nothing came on standard input, so the question is asked without it.");
  return "";
}

const Descriptor = z.object({ fd: z.number() });

/** Whether a shell's pipe or a file is the input: sockets and devices may stay open forever. */
export function isPipeOrFile(input: NodeJS.ReadableStream): boolean {
  const parsed = Descriptor.safeParse(input);
  if (!parsed.success) return false;
  try {
    const stats = fstatSync(parsed.data.fd);
    return stats.isFIFO() || stats.isFile();
  } catch {
    return false;
  }
}
