import { expect, it } from "vitest";
import { conversationOf } from "../../../adapters/slack/place.ts";
import {
  createLoadingSigns,
  openKeptList,
} from "../../../adapters/slack/typing-status/typing-status.ts";
import type { AdapterState } from "../../../src/adapter-storage.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { ALONE } from "../../support/usage-leases.ts";
import { HOME } from "./events.ts";
import { openMemory } from "./parley-in-slack.ts";
import { type Answer, recordingClients } from "./recording-clients.ts";

const THREAD = conversationOf({ team: HOME.team, channel: "C1", thread: "1.1" });

interface Rig {
  readonly answer?: Answer;
  readonly state?: AdapterState;
  /** Whether another process runs a turn in the thread. */
  readonly isRunning?: boolean;
}

const openState = async (): Promise<AdapterState> => (await openMemory()).adapterState.of("slack");

async function rig({ answer = () => ({}), isRunning = false, ...on }: Rig = {}) {
  const state = on.state ?? (await openState());
  const clock = createFakeClock();
  const { calls, clients } = recordingClients(answer);
  const onProblem = (problem: unknown) => expect.fail(String(problem));
  const kept = await openKeptList(state, onProblem);
  const signs = createLoadingSigns({
    workspaceOf: async () => HOME,
    clients,
    clock,
    processes: 1,
    leases: ALONE,
    kept,
    isRunning: async () => isRunning,
    onProblem,
  });
  const said = () =>
    calls.map(([method, { status }]) => `${method.split(".")[0]}: ${String(status)}`);
  return { signs, said, clock, state };
}

const noAgent = (method: string) => (method.startsWith("agents") ? "unknown_method" : {});

it("sets the session's state while a turn runs", async () => {
  const { signs, said } = await rig();
  signs.begin(THREAD);
  signs.begin(THREAD);
  await signs.settled();
  signs.end(THREAD);
  await signs.settled();
  expect(said()).toEqual(["agents: processing", "agents: active"]);
});

it("takes the assistant's status where there are no sessions, and renews it", async () => {
  const { signs, said, clock } = await rig({ answer: noAgent });
  signs.begin(THREAD);
  await clock.advance(0);
  signs.posted(THREAD);
  await clock.advance(90_000);
  signs.end(THREAD);
  await signs.settled();
  const on = "assistant: is asking the team…";
  expect(said()).toEqual(["agents: processing", on, on, on, "assistant: "]);
});

it("asks no more where Slack has neither", async () => {
  const { signs, said } = await rig({ answer: () => "missing_scope" });
  for (let turn = 0; turn < 3; turn++) {
    signs.begin(THREAD);
    signs.end(THREAD);
    await signs.settled();
  }
  expect(said().length).toBeLessThanOrEqual(2);
});

it("tries until the sign is gone", async () => {
  let failures = 3;
  const answer = (_: string, { status }: Record<string, unknown>) =>
    status === "active" && failures-- > 0 ? "service_unavailable" : {};
  const { signs, said, clock } = await rig({ answer });
  signs.begin(THREAD);
  signs.end(THREAD);
  await clock.advance(60_000);
  await signs.settled();
  expect(said().filter((call) => call === "agents: active")).toHaveLength(4);
});

it("leaves the sign of the next turn alone", async () => {
  const { signs, said, clock } = await rig();
  signs.begin(THREAD);
  await clock.advance(0);
  signs.end(THREAD);
  signs.begin(THREAD);
  await clock.advance(0);
  expect(said().at(-1)).toBe("agents: processing");
});

it("takes away what a crash left", async () => {
  const before = await rig();
  before.signs.begin(THREAD);
  await before.signs.settled();
  const after = await rig({ state: before.state });
  await after.signs.clearLeftovers();
  await after.signs.settled();
  expect(after.said()).toEqual(["agents: active"]);
  expect(await before.state.keys("")).toEqual([]);
});

it("leaves the sign of a turn that runs in another process alone", async () => {
  const elsewhere = await rig();
  elsewhere.signs.begin(THREAD);
  await elsewhere.signs.settled();
  const here = await rig({ state: elsewhere.state, isRunning: true });
  await here.signs.clearLeftovers();
  await here.signs.settled();
  expect(here.said()).toEqual([]);
  elsewhere.signs.end(THREAD);
  await elsewhere.signs.settled();
  expect(await here.state.keys("")).toEqual([]);
});

it("does not take away the sign of a turn that was taken up again", async () => {
  const before = await rig();
  before.signs.begin(THREAD);
  await before.signs.settled();
  const after = await rig({ state: before.state });
  after.signs.begin(THREAD);
  await after.signs.clearLeftovers();
  await after.clock.advance(0);
  expect(after.said()).toEqual(["agents: processing"]);
});

it("bears a store that fails", async () => {
  const failing = () => Promise.reject(new Error("locked"));
  const problems: unknown[] = [];
  const state = { get: failing, put: failing, remove: failing, keys: failing };
  const kept = await openKeptList(state, (problem) => problems.push(problem));
  kept.add(THREAD);
  await kept.settled();
  expect(kept.leftovers).toEqual([]);
  expect(problems).toHaveLength(2);
});

it("takes the sign away when somebody presses Stop where nothing runs", async () => {
  const { signs, said } = await rig();
  signs.takeAway(THREAD);
  await signs.settled();
  expect(said()).toEqual(["agents: active"]);
});

it("takes all signs away when Parley leaves, also of turns that the next start goes on with", async () => {
  const { signs, said, clock, state } = await rig();
  signs.begin(THREAD);
  await clock.advance(0);
  await signs.leave();
  expect(said()).toEqual(["agents: processing", "agents: active"]);
  expect(await state.keys("")).toEqual([]);
});
