import { expect, it } from "vitest";
import { conversationOf } from "../../../adapters/slack/place.ts";
import {
  createTypingStatus,
  openMarkedThreads,
} from "../../../adapters/slack/typing-status/typing-status.ts";
import { createSetStatus } from "../../../adapters/slack/typing-status/set-status.ts";
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
  const workspaceOf = async () => HOME;
  const typing = createTypingStatus({
    setStatus: createSetStatus({ workspaceOf, clients, clock, processes: 1, leases: ALONE }),
    marked: await openMarkedThreads(state, onProblem),
    clock,
    isRunning: async () => isRunning,
    onProblem,
  });
  const calledWith = () =>
    calls.map(([method, { status }]) => `${method.split(".")[0]}: ${String(status)}`);
  return { typing, calledWith, clock, state };
}

const noAgent = (method: string) => (method.startsWith("agents") ? "unknown_method" : {});

it("sets the session's state while a turn runs", async () => {
  const { typing, calledWith } = await rig();
  typing.begin(THREAD);
  typing.begin(THREAD);
  await typing.settled();
  typing.end(THREAD);
  await typing.settled();
  expect(calledWith()).toEqual(["agents: processing", "agents: active"]);
});

it("uses the assistant's status where there are no sessions, and renews it", async () => {
  const { typing, calledWith, clock } = await rig({ answer: noAgent });
  typing.begin(THREAD);
  await clock.advance(0);
  typing.posted(THREAD);
  await clock.advance(90_000);
  typing.end(THREAD);
  await typing.settled();
  const on = "assistant: is asking the team…";
  expect(calledWith()).toEqual(["agents: processing", on, on, on, "assistant: "]);
});

it("stops asking where Slack has neither", async () => {
  const { typing, calledWith } = await rig({ answer: () => "missing_scope" });
  for (let turn = 0; turn < 3; turn++) {
    typing.begin(THREAD);
    typing.end(THREAD);
    await typing.settled();
  }
  expect(calledWith().length).toBeLessThanOrEqual(2);
});

it("retries until the status is cleared", async () => {
  let failures = 3;
  const answer = (_: string, { status }: Record<string, unknown>) =>
    status === "active" && failures-- > 0 ? "service_unavailable" : {};
  const { typing, calledWith, clock } = await rig({ answer });
  typing.begin(THREAD);
  typing.end(THREAD);
  await clock.advance(60_000);
  await typing.settled();
  expect(calledWith().filter((call) => call === "agents: active")).toHaveLength(4);
});

it("keeps the status of the next turn", async () => {
  const { typing, calledWith, clock } = await rig();
  typing.begin(THREAD);
  await clock.advance(0);
  typing.end(THREAD);
  typing.begin(THREAD);
  await clock.advance(0);
  expect(calledWith().at(-1)).toBe("agents: processing");
});

it("clears what a crash left", async () => {
  const before = await rig();
  before.typing.begin(THREAD);
  await before.typing.settled();
  const after = await rig({ state: before.state });
  await after.typing.clearLeftovers();
  await after.typing.settled();
  expect(after.calledWith()).toEqual(["agents: active"]);
  expect(await before.state.keys("")).toEqual([]);
});

it("keeps the status of a turn that runs in another process", async () => {
  const elsewhere = await rig();
  elsewhere.typing.begin(THREAD);
  await elsewhere.typing.settled();
  const here = await rig({ state: elsewhere.state, isRunning: true });
  await here.typing.clearLeftovers();
  await here.typing.settled();
  expect(here.calledWith()).toEqual([]);
  elsewhere.typing.end(THREAD);
  await elsewhere.typing.settled();
  expect(await here.state.keys("")).toEqual([]);
});

it("keeps the status of a turn that was resumed", async () => {
  const before = await rig();
  before.typing.begin(THREAD);
  await before.typing.settled();
  const after = await rig({ state: before.state });
  after.typing.begin(THREAD);
  await after.typing.clearLeftovers();
  await after.clock.advance(0);
  expect(after.calledWith()).toEqual(["agents: processing"]);
});

it("goes on when the store fails", async () => {
  const failing = () => Promise.reject(new Error("locked"));
  const problems: unknown[] = [];
  const state = { get: failing, put: failing, remove: failing, keys: failing };
  const kept = await openMarkedThreads(state, (problem) => problems.push(problem));
  kept.add(THREAD);
  await kept.settled();
  expect(kept.leftovers).toEqual([]);
  expect(problems).toHaveLength(2);
});

it("clears the status when somebody presses Stop where nothing runs", async () => {
  const { typing, calledWith } = await rig();
  typing.clear(THREAD);
  await typing.settled();
  expect(calledWith()).toEqual(["agents: active"]);
});

it("clears every status at shutdown, also of turns that the next start resumes", async () => {
  const { typing, calledWith, clock, state } = await rig();
  typing.begin(THREAD);
  await clock.advance(0);
  await typing.leave();
  expect(calledWith()).toEqual(["agents: processing", "agents: active"]);
  expect(await state.keys("")).toEqual([]);
});
