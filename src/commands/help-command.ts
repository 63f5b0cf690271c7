import { nearest } from "../nearest.ts";
import type { Level } from "../platform.ts";
import { usageOf } from "./command-levels.ts";
import { COMMAND_NAMES, COMMANDS } from "./command-table.ts";
import { privately, refused, typed } from "./compose-reply.ts";
import type { CommandReply } from "../reply.ts";

/** The commands that somebody of a level may use, those of a topic only if there is one. */
const rowsFor = (level: Level, topic: string) =>
  COMMAND_NAMES.filter(
    (name) => name === topic || name.startsWith(topic === "" ? "" : `${topic} `),
  ).flatMap((name) => {
    const usage = usageOf(name, level);
    return usage === null ? [] : [[usage, COMMANDS[name].summary]];
  });

/** What the asker may write: all of it, or what begins with the topic. */
export function helpReply(topic: string | null, level: Level): CommandReply {
  const rows = rowsFor(level, topic ?? "");
  const table = { type: "table", columns: ["Command", "What it does"], rows } as const;
  if (rows.length === 0) return noHelp(topic ?? "", level);
  return topic === null
    ? privately(
        "What you can write",
        ["Or just write your question: the team answers it."],
        [table],
      )
    : privately(`Help for ${topic}`, [], [table]);
}

/** Who may use what somebody of a level may not. */
const NEEDED: Readonly<Record<Level, string>> = {
  everyone: "It takes an operator or an admin.",
  operator: "It takes an admin.",
  admin: "It takes somebody who runs this installation.",
  installation: "",
};

function noHelp(topic: string, level: Level): CommandReply {
  if (COMMAND_NAMES.some((name) => name === topic || name.startsWith(`${topic} `))) {
    return refused(`${typed(topic)} is not for everyone`, [NEEDED[level]]);
  }
  const near = nearest(topic, COMMAND_NAMES);
  const hint = near === null ? `${typed("help")} lists them.` : `Did you mean ${typed(near)}?`;
  return refused(`There is no command “${topic}”`, [hint]);
}
