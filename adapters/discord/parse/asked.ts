import type { Message } from "../wire/message.ts";

/** A question that somebody asked with `/ask`: it stands in the channel as Parley's message, but it is theirs. */
export interface Asked {
  readonly question: string;
  readonly team: string | null;
}

const END = /\n*^-# asked of (?:the team|(\S+))$/m;

/** The question as it is posted; who asked stands above it, from Discord itself. */
export const formatAsked = ({ question, team }: Asked): string =>
  `${question}\n-# asked of ${team ?? "the team"}`;

/** undefined: the message is no question that was asked so. */
export function parseAsked({
  content,
  interaction_metadata: by,
}: Pick<Message, "content" | "interaction_metadata">): Asked | undefined {
  const [end, team = null] = END.exec(content ?? "") ?? [];
  if (!by || end === undefined || !content?.endsWith(end)) return undefined;
  return { question: content.slice(0, -end.length), team };
}

/** As the shared commands write it, so that the team is read with it. */
export const spokenQuestion = ({ question, team }: Asked): string =>
  team === null ? question : `!ask --team ${team} ${question}`;
