import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import type { Env } from "../../src/backends/keys.ts";
import { systemClock } from "../../src/clock.ts";
import type { Place } from "../../src/ids.ts";
import { openStore } from "../../src/store/store.ts";
import { createBindings } from "../../src/teams/bindings.ts";
import { shippedConfigs } from "../../src/teams/files/load-team-files.ts";
import { createTeamBook } from "../../src/teams/team-book.ts";
import { createTeamDirectory } from "../../src/tenants/visible-teams.ts";
import { createMemoryBindings } from "../support/memory-bindings.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ALL_KEYS } from "./files/read.ts";

const place: Place = { platform: "slack", space: "T1", channel: "C1", thread: "17.5" };

/** Bindings over the shipped teams, and `files` of the user's. */
async function open(options: { env?: Env; setting?: string; files?: Record<string, string> } = {}) {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(options.files ?? {})) {
    await writeFile(join(folder, name), text);
  }
  const dirs = [shippedConfigs(), folder];
  const { env = ALL_KEYS, setting } = options;
  const book = await createTeamBook({ dirs, env, clock: systemClock, watch: null });
  const store = createMemoryBindings();
  const teams = createTeamDirectory({ book, setting });
  const bindings = createBindings({ teams, store, setting, wallClock: () => 1_000 });
  const answering = async (at: Place = place) => {
    const { team, because } = await bindings.resolve(at);
    return `${team.name}: ${because}`;
  };
  const seats = async () => (await bindings.resolve(place)).team.agents.map(({ id }) => id);
  return { book, teams, store, bindings, answering, seats, folder };
}

test("The nearest binding decides: thread, channel, space, PARLEY_TEAM, default", async () => {
  const { bindings, answering } = await open({ setting: "local" });
  const order = [await answering()];
  await bindings.use(place, "space", "solo", "slack:U1");
  order.push(await answering());
  await bindings.use(place, "channel", "demo", "slack:U1");
  order.push(await answering());
  await bindings.use(place, "thread", "council", "slack:U1");
  order.push(await answering());
  expect(order).toEqual(["local: setting", "solo: space", "demo: channel", "council: thread"]);
});

test("A binding reaches as far as its scope and no further", async () => {
  const { bindings, answering } = await open();
  await bindings.use(place, "thread", "council", "slack:U1");
  await bindings.use(place, "channel", "demo", "slack:U1");
  await bindings.use(place, "space", "solo", "slack:U1");
  expect(await answering({ ...place, thread: "18.1" })).toBe("demo: channel");
  expect(await answering({ ...place, channel: "C2" })).toBe("solo: space");
  expect(await answering({ ...place, space: "T2" })).toBe("default: default");
  expect(await answering({ ...place, platform: "discord" })).toBe("default: default");
});

test("A removed binding gives way to the next one", async () => {
  const { bindings, answering, store } = await open();
  await bindings.use(place, "thread", "council", "slack:U1");
  await bindings.use(place, "thread", null, "slack:U1");
  expect(await answering()).toBe("default: default");
  expect(store.stored.size).toBe(0);
});

test("Who bound a team is kept", async () => {
  const { bindings } = await open();
  await bindings.use(place, "channel", "council", "slack:U7");
  expect(await bindings.resolve(place)).toMatchObject({ because: "channel", by: "slack:U7" });
});

test("A team named with the request goes before all bindings", async () => {
  const { bindings } = await open();
  await bindings.use(place, "thread", "council", "slack:U1");
  const { team, because } = await bindings.resolve(place, "solo");
  expect([team.name, because]).toEqual(["solo", "request"]);
});

test("A binding to a team that is gone is passed over, and said", async () => {
  const { bindings } = await open();
  await bindings.use(place, "thread", "retired", "slack:U1");
  const { team, notes } = await bindings.resolve(place);
  expect(team.name).toBe("default");
  expect(notes).toEqual(["the team retired, bound to this thread, cannot be used"]);
});

test("Without any key the terminal shows the demo, and elsewhere the detail of an error names the keys", async () => {
  const { bindings, answering } = await open({ env: {} });
  expect(await answering({ ...place, platform: "terminal" })).toBe("demo: demo");
  expect(await answering({ ...place, platform: "terminal-3f9a2c11" })).toBe("demo: demo");
  await expect(bindings.resolve(place)).rejects.toHaveProperty(
    "detail",
    expect.stringMatching(
      /^no team can answer: .*default\.yaml:\d+:9: agents: auto found no API key: set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY$/,
    ),
  );
});

test("A broken default is told as it is, in the terminal too", async () => {
  const { bindings } = await open({ files: { "default.yaml": "agents: auto\nmode: all" } });
  await expect(bindings.resolve({ ...place, platform: "terminal" })).rejects.toHaveProperty(
    "detail",
    expect.stringMatching(/default\.yaml:2:7: mode must be team, solo or auto, not "all"/),
  );
});

test("A thread seats agents of its own: without one, with a guest, or only some", async () => {
  const { bindings, seats } = await open();
  await bindings.use(place, "channel", "council", "slack:U1");
  const seat = (change: object) =>
    bindings.seat(place, (now) => ({ ...now, ...change }), "slack:U1");
  await seat({ drop: ["gpt"] });
  expect(await seats()).toEqual(["claude", "gemini"]);
  await seat({ add: ["local/qwen"] });
  expect(await seats()).toEqual(["claude", "gemini", "qwen"]);
  await seat({ only: ["claude"], add: [], drop: [] });
  expect(await seats()).toEqual(["claude"]);
});

test("A guest whose id is taken gets another one", async () => {
  const { bindings, seats } = await open();
  await bindings.use(place, "thread", "council", "slack:U1");
  await bindings.seat(place, (now) => ({ ...now, add: ["default/gpt"] }), "slack:U1");
  expect(await seats()).toEqual(["gpt", "claude", "gemini", "gpt-2"]);
});

test("Seats of agents that are gone are left out and said; with none left the whole team answers", async () => {
  const { bindings, seats } = await open();
  await bindings.use(place, "thread", "council", "slack:U1");
  await bindings.seat(place, (now) => ({ ...now, only: ["mistral"] }), "slack:U1");
  expect(await seats()).toEqual(["gpt", "claude", "gemini"]);
  expect((await bindings.resolve(place)).notes).toEqual([
    "agent mistral is in no team file any more",
    "no agent was left, so the whole team answers",
  ]);
});

test("Another team in the thread starts with its own seats", async () => {
  const { bindings, seats } = await open();
  await bindings.seat(place, (now) => ({ ...now, drop: ["gpt"] }), "slack:U1");
  await bindings.use(place, "thread", "council", "slack:U1");
  expect(await seats()).toEqual(["gpt", "claude", "gemini"]);
});

test("Two who change the same thread at once both get their wish", async () => {
  const { bindings, store, seats } = await open();
  await bindings.use(place, "thread", "council", "slack:U1");
  const drop = (id: string) =>
    bindings.seat(place, (now) => ({ ...now, drop: [...now.drop, id] }), "slack:U1");
  store.interrupt(() => drop("gpt"));
  await drop("gemini");
  expect(await seats()).toEqual(["claude"]);
});

test("A stored value that nobody can read any more counts as none", async () => {
  const { store, answering } = await open();
  const write = { by: "x", at: 0, expected: 0 };
  await store.put("slack:T1:C1", { ...write, value: "{" });
  await store.put("slack:T1", { ...write, value: '{"team":"solo","seats":7,"more":1}' });
  expect(await answering()).toBe("solo: space");
});

test("Bindings are kept in the store, with who wrote them", async () => {
  const store = await openStore({ dir: ":memory:", pid: 1, now: () => 0 });
  onTestFinished(() => store.close());
  const { teams } = await open();
  const opened = () => createBindings({ teams, store: store.bindings, wallClock: () => 5 });
  await opened().use(place, "thread", "council", "slack:U1");
  await opened().seat(place, (now) => ({ ...now, drop: ["gpt"] }), "slack:U2");
  const { team, because, by } = await opened().resolve(place);
  expect([team.name, team.agents.length, because, by]).toEqual([
    "council",
    2,
    "thread",
    "slack:U2",
  ]);
  await opened().use(place, "thread", null, "slack:U1");
  await opened().use(place, "thread", "solo", "slack:U1");
  expect((await opened().resolve(place)).team.name).toBe("solo");
});

test("All that is bound in a space can be listed, by place", async () => {
  const { bindings } = await open();
  await bindings.use(place, "channel", "demo", "slack:U1");
  await bindings.use(place, "thread", "solo", "slack:U2");
  await bindings.use({ ...place, space: "T10" }, "space", "solo", "slack:U1");
  await bindings.use({ ...place, channel: "C2" }, "channel", "solo", "slack:U1");
  await bindings.use({ ...place, channel: "C2" }, "channel", null, "slack:U1");
  expect(await bindings.list(place)).toEqual([
    { scope: "channel", channel: "C1", thread: "", team: "demo", by: "slack:U1" },
    { scope: "thread", channel: "C1", thread: "17.5", team: "solo", by: "slack:U2" },
  ]);
});
