import type { Message } from "../wire/message.ts";

/** Marks the start of the small print under an answer, so that it can be removed when the answer is read back. */
const SIGN = "◆";
const START = `-# ${SIGN} `;

/** Small print for the end of a message; "" for no lines. */
export const formatSmallPrint = (lines: readonly string[]): string =>
  lines
    .map(
      (line, i) =>
        `${i === 0 ? START : "-# "}${line
          .split("\n")
          .map((part) => part.trim())
          .join(" ")}`,
    )
    .join("\n");

/** The text without the small print. In code, nothing is small print. */
export function cutSmallPrint(text: string): string {
  const at = text.startsWith(START) ? 0 : text.lastIndexOf(`\n${START}`);
  const isInCode = text.slice(0, Math.max(0, at)).split("```").length % 2 === 0;
  return at < 0 || isInCode ? text : text.slice(0, at).trimEnd();
}

/** A question asked with `/ask`: Parley posts it, but the asker is its author. */
export interface AskedQuestion {
  readonly question: string;
  readonly team: string | null;
}

const END = /^-# asked of (?:the team|(\S+))$/;

/** The posted question. Discord itself shows above it who asked. */
export const formatAskedQuestion = ({ question, team }: AskedQuestion): string =>
  `${question}\n-# asked of ${team ?? "the team"}`;

/** undefined: the message is not such a question. */
export function parseAskedQuestion({
  content,
  interaction_metadata: by,
}: Pick<Message, "content" | "interaction_metadata">): AskedQuestion | undefined {
  if (!by || !content) return undefined;
  const at = content.lastIndexOf("\n") + 1;
  const [end, team = null] = END.exec(content.slice(at)) ?? [];
  return end === undefined ? undefined : { question: withoutLineFeeds(content, at), team };
}

/** The text before `end`, without the line feeds at its end. */
function withoutLineFeeds(text: string, end: number): string {
  let at = end;
  while (text[at - 1] === "\n") at--;
  return text.slice(0, at);
}

/** The question as a text command, which names the team. */
export const askCommand = ({ question, team }: AskedQuestion): string =>
  team === null ? question : `!ask --team ${team} ${question}`;
