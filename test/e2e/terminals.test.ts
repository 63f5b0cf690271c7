import { join } from "node:path";
import { expect, test } from "vitest";
import { createPostgresDatabase } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { openHouse } from "./house.ts";
import { type ParleyProcess, startParley } from "./parley-process.ts";

const server = await createPostgresDatabase();
const own = test.skipIf(!server);

/** Models, an empty database, and a data folder for each of two terminals. */
async function openRoom() {
  await (await (server ?? expect.unreachable()).open()).close();
  const house = await openHouse();
  const folder = await temporaryFolder();
  const start = (data: string, ...args: readonly string[]) => {
    const env = { DATABASE_URL: server?.url ?? "", PARLEY_DATA: join(folder, data) };
    return house.start({ args, env });
  };
  return { panel: house.panel, env: house.env, folder, start };
}

const answers = (parley: ParleyProcess) => parley.of("turn_summary").map(({ answer }) => answer);
const conversationIn = (parley: ParleyProcess) =>
  String(parley.of("turn_started")[0]?.["conversation"]);

own(
  "two terminals on one database ask at the same moment, in threads of the same name: each gets its own answer, and no other",
  async () => {
    const { start } = await openRoom();
    const [one, two] = [start("one", "--json"), start("two", "--json")];
    one.write("The code word is heron. Why?");
    two.write("The code word is osprey. Why?");
    for (const [parley, word] of [
      [one, "heron"],
      [two, "osprey"],
    ] as const) {
      await parley.until(() => expect(answers(parley)).toHaveLength(1));
      expect(answers(parley)).toEqual([expect.stringContaining(word)]);
    }
    const ids = [one, two].map(conversationIn);
    for (const id of ids) expect(id).toMatch(/^terminal-[0-9a-f]{8}::local:\d{4}-\d\d-\d\d-1$/);
    expect(new Set(ids).size).toBe(2);
  },
);

own("a turn whose terminal died waits for that terminal, whoever else is there", async () => {
  const { panel, start } = await openRoom();
  const release = panel.hold(({ model }) => model === "gemini-test");
  const died = start("one", "--json", "--thread", "heron");
  died.write("The code word is heron. Why?");
  await died.until(() => expect(died.of("answer_given")).toHaveLength(2));
  died.kill("SIGKILL");
  await died.exited;
  release();
  const other = start("two", "--json", "--thread", "heron");
  other.write("The code word is osprey. Why?");
  await other.until(() => expect(answers(other)).toHaveLength(1));
  expect(answers(other)).toEqual([expect.stringContaining("osprey")]);
  const back = start("one", "--json", "--thread", "heron");
  await back.until(() => expect(answers(back)).toHaveLength(1));
  expect(answers(back)).toEqual([expect.stringContaining("heron")]);
  expect(conversationIn(died)).not.toBe(conversationIn(other));
  expect(back.of("answer_given")).toHaveLength(1);
});

own("a second terminal in the same folder joins the first", async () => {
  const { start } = await openRoom();
  const one = start("one", "--json");
  one.write("The code word is heron. Why?");
  await one.until(() => expect(one.of("turn_started")).toHaveLength(1));
  const two = start("one", "--json");
  two.write("The code word is osprey. Why?");
  await two.until(() => expect(answers(two)).toEqual([expect.stringContaining("osprey")]));
  await one.until(() => expect(answers(one)).toEqual([expect.stringContaining("heron")]));
  expect(two.of("turn_started")).toHaveLength(1);
});

own("after a move the terminal goes on with its turns under the name that they have", async () => {
  const { panel, env, start, folder } = await openRoom();
  const release = panel.hold(({ model }) => model === "gemini-test");
  const embedded = startParley({
    args: ["--json", "--thread", "heron"],
    env: { ...env, PARLEY_DATA: join(folder, "one") },
  });
  embedded.write("The code word is heron. Why?");
  await embedded.until(() => expect(embedded.of("answer_given")).toHaveLength(2));
  embedded.kill("SIGKILL");
  await embedded.exited;
  release();
  expect(await start("one", "migrate").exited).toBe(0);
  const moved = start("one", "--json", "--thread", "heron");
  await moved.until(() => expect(answers(moved)).toHaveLength(1));
  expect(answers(moved)).toEqual([expect.stringContaining("heron")]);
  expect(conversationIn(embedded)).toBe("terminal::local:heron");
});
