import { expect, test, vi } from "vitest";
import { TurnEvent } from "../../../src/coordination/turn-event.ts";
import { playTurn } from "../../support/scripted-team.ts";
import { turnStory } from "../../support/turn-story.ts";
import { createVirtualTerminal } from "../../support/virtual-terminal.ts";
import { ask, startRig } from "./rig.ts";

test("Ctrl-C stops the turn, and says that another one quits", async () => {
  const rig = await startRig();
  await playTurn(rig.terminal, await ask(rig, "Which index?"), turnStory().slice(0, 4));
  rig.type("\x03");
  await rig.shows("stopping the turn … Ctrl-C again quits");
  await vi.waitFor(() => expect(rig.team.commands.map(({ text }) => text)).toEqual(["stop"]));
  rig.type("\x03");
  await vi.waitFor(() => expect(rig.exits).toEqual([0]));
});

test("Ctrl-C clears what is written, which the arrow key brings back, and never quits then", async () => {
  const rig = await startRig();
  rig.type("half a thought\x03");
  expect(await rig.shows("/help ·")).not.toContain("half a thought");
  rig.type("\x1b[A");
  await rig.shows("› half a thought");
});

test("Ctrl-C on an empty line asks for another one, which counts for three seconds", async () => {
  const rig = await startRig();
  rig.type("\x03");
  await rig.shows("Ctrl-C again quits");
  await rig.clock.advance(3000);
  await rig.shows("/help ·");
  rig.type("\x03");
  await rig.shows("Ctrl-C again quits");
  expect(rig.exits).toEqual([]);
});

test("Ctrl-C, a few words and Ctrl-C keep the chat open", async () => {
  const rig = await startRig();
  rig.type("\x03and then\x03");
  await rig.shows("/help ·");
  expect(rig.exits).toEqual([]);
  rig.type("\x1b[A");
  await rig.shows("› and then");
});

test("in a turn the second Ctrl-C leaves, also when the turn has stopped meanwhile", async () => {
  const rig = await startRig();
  const turn = await playTurn(rig.terminal, await ask(rig, "Which?"), turnStory().slice(0, 4));
  rig.type("\x03");
  await rig.shows("stopping the turn …");
  await turn.finish();
  rig.type("\x03");
  await vi.waitFor(() => expect(rig.exits).toEqual([0]));
});

test("Esc stops the turn, keeps what is written, and never quits", async () => {
  const rig = await startRig();
  await playTurn(rig.terminal, await ask(rig, "Which index?"), turnStory().slice(0, 4));
  rig.type("a draft\x1b");
  await rig.clock.advance(50);
  await vi.waitFor(() => expect(rig.team.commands.map(({ text }) => text)).toEqual(["stop"]));
  await rig.shows("› a draft");
  expect(rig.exits).toEqual([]);
});

test("an arrow key whose sequence arrives in two pieces is not Esc", async () => {
  const rig = await startRig();
  await playTurn(rig.terminal, await ask(rig, "Which index?"), turnStory().slice(0, 4));
  rig.type("\x1b");
  rig.type("[A");
  await rig.shows("› Which index?\n  council");
  await rig.clock.advance(1000);
  expect(rig.team.commands).toEqual([]);
});

test("Enter typed while Parley starts sends the line, as it did in the shell", async () => {
  const early = createVirtualTerminal();
  early.type("Which index?\n");
  const { input, output } = early;
  const rig = await startRig({ options: { input, output } });
  await vi.waitFor(() => expect(rig.team.messages[0]?.text).toBe("Which index?"));
});

test.each([
  ["whose agents have answered offers the best answer so far", 8, true],
  ["in which nobody has answered offers nothing", 4, false],
])("a stopped turn %s", async (_name, events, isOffered) => {
  const rig = await startRig();
  const story = turnStory().slice(0, events);
  const turn = await playTurn(rig.terminal, await ask(rig, "Which index?"), story);
  await turn.play(stoppedAfter(7_000));
  await turn.finish();
  const screen = await rig.shows("■ council stopped by Ada");
  expect(screen.includes("/finish posts the best answer so far.")).toBe(isOffered);
});

/** A person stops the turn. */
const stoppedAfter = (at: number) =>
  TurnEvent.array().parse([
    { type: "turn_stopped", at, by: "Ada", reason: "stop" },
    {
      type: "turn_closed",
      at,
      closedBy: "stopped",
      limit: null,
      revision: null,
      decidedBy: null,
      unseen: [],
    },
    { type: "turn_ended", at, outcome: "stopped" },
  ]);
