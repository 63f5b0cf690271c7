import type { Message } from "../wire/message.ts";

/** Begins the small print under an answer, so that it can be told from the answer when it is read back. */
const SIGN = "◆";
const START = `-# ${SIGN} `;

/** Lines of small print, to stand at the end of a message; "" for none. */
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

/** An answer's own text never looks like the small print. */
export const withoutSign = (text: string): string => text.replaceAll(START, "-# ◇ ");

/** The text above the small print. */
export function cutSmallPrint(text: string): string {
  const at = text.startsWith(START) ? 0 : text.lastIndexOf(`\n${START}`);
  return at < 0 ? text : text.slice(0, at).trimEnd();
}

/** A question that somebody asked with `/ask`: it stands in the channel as Parley's message, but it is theirs. */
export interface Asked {
  readonly question: string;
  readonly team: string | null;
}

const END = /^-# asked of (?:the team|(\S+))$/;

/** The question as it is posted; who asked stands above it, from Discord itself. */
export const formatAsked = ({ question, team }: Asked): string =>
  `${question}\n-# asked of ${team ?? "the team"}`;

/** undefined: the message is no question that was asked so. */
export function parseAsked({
  content,
  interaction_metadata: by,
}: Pick<Message, "content" | "interaction_metadata">): Asked | undefined {
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

/** As the shared commands write it, so that the team is read with it. */
export const spokenQuestion = ({ question, team }: Asked): string =>
  team === null ? question : `!ask --team ${team} ${question}`;
