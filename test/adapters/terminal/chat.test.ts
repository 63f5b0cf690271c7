import { expect, test } from "vitest";
import { okReply, playTurn } from "../../support/scripted-team.ts";
import { failedStory, turnStory } from "../../support/turn-story.ts";
import { ask, startRig } from "./rig.ts";

test("a new chat shows its thread and what to do", async () => {
  const rig = await startRig();
  expect(await rig.shows("/help ·")).toBe(
    `Parley 1.2.3 · a team of AI agents answers · /help lists the commands

── new thread 2026-11-23-1 ──

›
  council · 3 agents · 2026-11-23-1 · /help · Ctrl-J new line · Ctrl-C quits`,
  );
});

test("a question reaches the intake as a direct message of the local user", async () => {
  const rig = await startRig();
  const message = await ask(rig, "Which index?");
  expect(message).toMatchObject({
    text: "Which index?",
    conversation: "terminal::local:2026-11-23-1",
    addressed: "direct",
    level: "installation",
    author: { id: "ada", name: "Ada", kind: "person" },
  });
});

test("the board of a running turn is above the input", async () => {
  const rig = await startRig();
  await playTurn(rig.terminal, await ask(rig, "Which index?"), turnStory().slice(0, 13));
  expect(await rig.shows("is out")).toBe(
    `Parley 1.2.3 · a team of AI agents answers · /help lists the commands

── new thread 2026-11-23-1 ──

› Which index?

⠋ council is comparing the answers · 12s
  ⠋ Opus   is reviewing 0s
  ● Gemini has answered
  ✗ GPT    is out: the provider's rate limit is reached

›
  council · 3 agents · 2026-11-23-1 · Esc stops the turn · /finish answers now`,
  );
});

test("the board's time advances between two events", async () => {
  const rig = await startRig();
  await playTurn(rig.terminal, await ask(rig, "Which index?"), turnStory().slice(0, 4));
  await rig.shows("answering · 0s");
  await rig.clock.advance(3000);
  await rig.shows("answering · 3s");
});

test("the answer is printed below its turn's record, with its footer", async () => {
  const rig = await startRig({ rows: 40 });
  const turn = await playTurn(rig.terminal, await ask(rig, "Which index?"), turnStory());
  await turn.finish();
  expect(await rig.shows("Ctrl-J")).toBe(
    `Parley 1.2.3 · a team of AI agents answers · /help lists the commands

── new thread 2026-11-23-1 ──

› Which index?

✔ council answered in 15s

● Gemini

Use a B-tree: reads stay ordered.

• one seek per lookup
• ranges are cheap

Both agents agree · 15s · $0.074
· GPT could not answer: 429 slow down.

›
  council · 3 agents · 2026-11-23-1 · /help · Ctrl-J new line · Ctrl-C quits`,
  );
});

test.each([
  ["queue", "queued: answered after this turn"],
  ["steer", "sent to the agents at work"],
  ["restart", "the turn starts over with this message"],
])("a message during a turn says what becomes of it (%s)", async (during_turn, note) => {
  const rig = await startRig();
  const events = turnStory({ policy: { during_turn } }).slice(0, 4);
  await playTurn(rig.terminal, await ask(rig, "Which index?"), events);
  await ask(rig, "For ranges, too");
  await rig.shows(`› For ranges, too\n· ${note}`);
});

test("quitting restores the terminal and says how to continue", async () => {
  const rig = await startRig();
  await ask(rig, "Which index?");
  expect(rig.input.raw).toBe(true);
  rig.type("/quit\r");
  await rig.shows("The thread 2026-11-23-1 is kept. Use --continue to open it again.");
  expect(rig.exits).toEqual([0]);
  expect(rig.input.raw).toBe(false);
  expect(rig.written().split("\x1b[?2004").at(-1)).toMatch(/^l/);
});

test("a command goes to the shared commands, and its reply is shown", async () => {
  const rig = await startRig({ reply: () => okReply("Teams", "- council\n- duo") });
  rig.type("/team list\r");
  await rig.shows("› /team list\nTeams\n\n• council\n• duo");
  expect(rig.team.commands[0]).toMatchObject({ text: "team list", level: "installation" });
});

test("a path is a message, and two slashes escape a slash", async () => {
  const rig = await startRig();
  expect((await ask(rig, "/usr/bin is what?")).text).toBe("/usr/bin is what?");
  expect((await ask(rig, "//help is a word")).text).toBe("/help is a word");
});

test("Tab completes commands, and shows the choices", async () => {
  const rig = await startRig();
  rig.type("/te\t");
  await rig.shows("› /team\n› /team list  does team list\n  /team show  does team show\n");
  rig.type("l\t");
  await rig.shows("› /team list");
});

test("pasted lines are one message, sent by Enter alone", async () => {
  const rig = await startRig();
  rig.type("\x1b[200~first\r\nsecond\n\x1b[31mthird\x1b[201~");
  await rig.shows("› first\n  second\n  third");
  expect(rig.team.messages).toEqual([]);
  expect((await ask(rig, "")).text).toBe("first\nsecond\nthird");
});

test("the arrow keys recall sent messages", async () => {
  const rig = await startRig();
  await ask(rig, "first");
  await ask(rig, "second");
  rig.type("draft\x1b[A\x1b[A");
  await rig.shows("› first\n  council");
  rig.type("\x1b[B\x1b[B");
  await rig.shows("› draft\n  council");
});

test("a message that was not accepted asks to be sent again", async () => {
  const rig = await startRig({ onMessage: () => Promise.reject(new Error("the disk is full")) });
  rig.type("Which index?\r");
  await rig.shows("· Parley did not accept the message (the disk is full). Send it again.");
});

test("a failed turn shows its record and the reason", async () => {
  const rig = await startRig();
  const turn = await playTurn(rig.terminal, await ask(rig, "Which index?"), failedStory());
  await turn.finish();
  await rig.shows("✗ council has no answer");
  await rig.shows("· No agent could answer: Opus (401 invalid key)");
});
