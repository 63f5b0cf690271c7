import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../src/store/store.ts";
import { createBindings } from "../../src/teams/bindings.ts";
import { NoTeamError } from "../../src/teams/unusable-team.ts";
import { openBindings as open, place } from "./open-bindings.ts";

/** The refusal of a promise that must not resolve. */
const refusalOf = (resolving: Promise<unknown>): Promise<NoTeamError> =>
  resolving.then(
    () => expect.unreachable("a team answered"),
    (error) => (error instanceof NoTeamError ? error : expect.unreachable(String(error))),
  );

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

test("After a binding is removed, the next one decides", async () => {
  const { bindings, answering, store } = await open();
  await bindings.use(place, "thread", "council", "slack:U1");
  await bindings.use(place, "thread", null, "slack:U1");
  expect(await answering()).toBe("default: default");
  expect(store.stored.size).toBe(0);
});

test("The person who bound a team is stored", async () => {
  const { bindings } = await open();
  await bindings.use(place, "channel", "council", "slack:U7");
  expect(await bindings.resolve(place)).toMatchObject({ because: "channel", by: "slack:U7" });
});

test("A team named in the request overrides all bindings", async () => {
  const { bindings } = await open();
  await bindings.use(place, "thread", "council", "slack:U1");
  const { team, because } = await bindings.resolve(place, "solo");
  expect([team.name, because]).toEqual(["solo", "request"]);
});

test.each(["thread", "channel", "space"] as const)(
  "A team chosen for a %s that is gone is refused: no other team answers in its place",
  async (scope) => {
    const { bindings } = await open();
    await bindings.use(place, scope, "retired", "slack:U1");
    const refused = await refusalOf(bindings.resolve(place));
    expect(refused.message).toMatch(
      `the team retired, chosen for this ${scope}, cannot be used: there is no team of that name here. \`parley team use TEAM`,
    );
    expect(refused.detail).toContain("there is no team file retired.yaml");
    expect((await bindings.resolve(place, "solo")).team.name).toBe("solo");
  },
);

const GROK = `agents:
  - id: grok
    backend: { type: compatible, model: grok-4, base_url: "https://api.x.ai/v1", api_key: "\${PARLEY_KEY_XAI}" }
`;
const BROKEN = "agents: auto\nmode: all";

test.each([
  ["is broken", { "own.yaml": BROKEN }, "its file has errors", /own\.yaml:2:7: mode must be/],
  ["lacks a variable", { "own.yaml": GROK }, "it needs an API key", /PARLEY_KEY_XAI is not set/],
  ["is unknown", {}, "there is no team of that name here", /no team file own\.yaml/],
] as const)(
  "A team named with the question that %s is refused with its problem; only those who run Parley read files and variables",
  async (_, files, reason, detail) => {
    const { bindings } = await open({ files });
    for (const platform of ["slack", "discord", "terminal"]) {
      const refused = await refusalOf(bindings.resolve({ ...place, platform }, "own"));
      expect(refused.message).toContain(
        `the team own, named with the question, cannot be used: ${reason}`,
      );
      expect(refused.message).not.toMatch(/\.yaml|PARLEY_KEY/);
      expect(refused.detail).toMatch(detail);
    }
  },
);

test("PARLEY_TEAM without its keys is refused, and neither default nor the demo answers instead", async () => {
  const { bindings } = await open({ setting: "solo", env: {} });
  for (const platform of ["slack", "discord", "terminal"]) {
    const refused = await refusalOf(bindings.resolve({ ...place, platform }));
    expect(refused.message).toContain("cannot be used: it needs an API key");
    expect(refused.detail).toContain("agents: auto found no API key: set OPENAI_API_KEY");
  }
});

test("PARLEY_TEAM of another workspace does not count here: the default answers", async () => {
  const files = { "own.yaml": `${GROK.replace("${PARLEY_KEY_XAI}", "k")}spaces: slack:T2\n` };
  const { answering } = await open({ setting: "own", files });
  expect(await answering()).toBe("default: default");
  expect(await answering({ ...place, space: "T2" })).toBe("own: setting");
});

test("An unset variable leaves out its agent, says so, and the others answer", async () => {
  const two = `${GROK}  - id: local\n    backend: { type: compatible, model: m, base_url: "http://localhost:1/v1" }\n`;
  const { bindings } = await open({ files: { "two.yaml": two } });
  const { team, notes, absent } = await bindings.resolve(place, "two");
  expect(team.agents.map(({ id }) => id)).toEqual(["local"]);
  expect(notes).toEqual(["grok is left out: it is not set up here"]);
  expect(absent).toEqual(notes);
});

test("Without keys the terminal shows the demo, and elsewhere an error's detail names the keys", async () => {
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

test("A broken default is reported, in the terminal too", async () => {
  const { bindings } = await open({ files: { "default.yaml": "agents: auto\nmode: all" } });
  await expect(bindings.resolve({ ...place, platform: "terminal" })).rejects.toHaveProperty(
    "detail",
    expect.stringMatching(/default\.yaml:2:7: mode must be team, solo or auto, not "all"/),
  );
});

test("A stored value that cannot be parsed counts as none", async () => {
  const { store, answering } = await open();
  const write = { by: "x", at: 0, expected: 0 };
  await store.put("slack:T1:C1", { ...write, value: "{" });
  await store.put("slack:T1", { ...write, value: '{"team":"solo","seats":7,"more":1}' });
  expect(await answering()).toBe("solo: space");
});

test("Bindings are stored with their author", async () => {
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

test("All bindings of a space can be listed by place", async () => {
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
