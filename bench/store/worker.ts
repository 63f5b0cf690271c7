import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseConversationId } from "../../src/ids.ts";
import type { Database } from "../../src/store/database.ts";
import { openPostgres } from "../../src/store/postgres/open-postgres.ts";
import { openSqlite } from "../../src/store/sqlite/open-sqlite.ts";
import { openBenchParley } from "./bench-parley.ts";
import { teamOf } from "../team-of.ts";

/**
 * A process of the bench, over the store that its argument names (a URL or a folder), with slow models: says in a line of JSON each time a
 * move of a turn starts in it, of which turn, and when. A line on its standard input is a question.
 */
const [where = "", folder = ""] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(`${JSON.stringify({ ...line, at: now() })}\n`);
const now = () => performance.timeOrigin + performance.now();

const openDatabase = async (): Promise<Database> =>
  where.startsWith("postgres") ? openPostgres(where) : openSqlite(join(where, "parley.db"));

const opening = now();
const parley = await openBenchParley({
  db: await openDatabase(),
  folder,
  team: teamOf(["ada", "ben"], 1_000),
  listener: {
    turnEvent(conversation, event) {
      const { thread } = parseConversationId(conversation);
      if (event.type === "move_started") say({ said: "move", of: thread, opening });
    },
    turnDone: () => {},
    problem: (problem) => say({ said: "problem", problem: String(problem) }),
  },
});
say({ said: "serving", opening });
createInterface({ input: process.stdin })
  .on("line", (text) => void parley.ask(text, text))
  .on("close", () => process.exit());
