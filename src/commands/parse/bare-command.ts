import { COMMAND_NAMES } from "../command-table.ts";
import { parseCommand } from "./parse-command.ts";

/** A line of words, flags and team names, such as a command is made of; a full stop or "!" may end it. */
const PLAIN = /^[\w./-]+(?: [\w./…-]+){0,5}[.!]?$/;

const SCOPE = "(?: (?:--)?(?:here|thread|channel|space|workspace|server))?";
const NAME = "[\\w./-]+";

/** Each command that may stand without its "!", whole. `why` and `ask` may not: people mean a question. */
const GRAMMAR: readonly RegExp[] = [
  "(?:stop|cancel|finish|status|version|restart|retry|help|team|agents|listen|usage|budget)",
  `retry with ${NAME}`,
  "team (?:list|show|reload|validate)",
  `team show ${NAME}`,
  `team use ${NAME}${SCOPE}`,
  `team reset${SCOPE}`,
  "agents (?:list|reset)",
  `agents (?:add|drop|only) ${NAME}`,
  `listen (?:mention|thread|always|reset)${SCOPE}`,
  `usage(?: (?:day|week|month|all))?${SCOPE}`,
  `budget (?:show|set|reset|allow)(?: ${NAME}){0,2}`,
  "why --timing",
  "prefer [a-z]",
].map((grammar) => new RegExp(`^${grammar}$`, "i"));

const TOPICS: ReadonlySet<string> = new Set(
  COMMAND_NAMES.flatMap((name) => [name, name.split(" ")[0] ?? name]),
);

/**
 * The command in a message that is nothing but a command: "stop", "team use council". null: it may be a question, such as "stop words in
 * Python?" or "help me". Only whole commands count, so that no question is taken for one.
 */
export function bareCommandIn(message: string): string | null {
  const text = message.trim();
  if (!PLAIN.test(text)) return null;
  const words = text.replace(/[.!]$/, "");
  const topic = /^help (.+)$/i.exec(words)?.[1];
  const isWhole =
    topic === undefined
      ? GRAMMAR.some((grammar) => grammar.test(words))
      : TOPICS.has(topic.toLowerCase());
  return isWhole && parseCommand(words).name !== "problem" ? words : null;
}
