import { nearest } from "../../text/nearest.ts";
import type { Level } from "../../platform.ts";
import { usageOf } from "../command-levels.ts";
import { COMMAND_NAMES, COMMANDS } from "../command-table.ts";
import { typed } from "../../text/spelling.ts";
import { privately, refused } from "./compose-reply.ts";
import type { CommandReply } from "../../reply.ts";

const EXAMPLE = `Write a command like this: ${typed("status")}.`;

/** The commands that a level may use, limited to a topic if there is one. */
const rowsFor = (level: Level, topic: string) =>
  COMMAND_NAMES.filter(
    (name) => name === topic || name.startsWith(topic === "" ? "" : `${topic} `),
  ).flatMap((name) => {
    const usage = usageOf(name, level);
    return usage === null ? [] : [[typed(usage), COMMANDS[name].summary]];
  });

/** The help for the asker: all commands, or those of a topic. */
export function helpReply(topic: string | null, level: Level): CommandReply {
  const rows = rowsFor(level, topic ?? "");
  const table = { type: "table", columns: ["Command", "What it does"], rows } as const;
  if (rows.length === 0) return noHelp(topic ?? "", level);
  return topic === null
    ? privately("Commands", [`Or just ask a question: the team answers it. ${EXAMPLE}`], [table])
    : privately(`Help for ${topic}`, [], [table]);
}

/** Who may use a command that this level may not. */
const NEEDED: Readonly<Record<Level, string>> = {
  everyone: "Only operators and admins can use it.",
  operator: "Only admins can use it.",
  admin: "Only the people who run this installation can use it.",
  installation: "",
};

function noHelp(topic: string, level: Level): CommandReply {
  if (COMMAND_NAMES.some((name) => name === topic || name.startsWith(`${topic} `))) {
    return refused(`${typed(topic)} is not for everyone`, [NEEDED[level]]);
  }
  const near = nearest(topic, COMMAND_NAMES);
  const hint =
    near === null ? `${typed("help")} lists all commands.` : `Did you mean ${typed(near)}?`;
  return refused(`There is no command “${topic}”`, [hint]);
}
