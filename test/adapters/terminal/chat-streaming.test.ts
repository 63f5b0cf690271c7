import { expect, test, vi } from "vitest";
import { AgentId } from "../../../src/ids.ts";
import type { IncomingMessage } from "../../../src/platform.ts";
import { playTurn } from "../../support/scripted-team.ts";
import { soloStory, storyStart, turnStory } from "../../support/turn-story.ts";
import { ask, startRig, type Rig } from "./rig.ts";
import { PATIENCE } from "../../support/patience.ts";

const OPUS = AgentId.parse("opus");
const GEMINI = AgentId.parse("gemini");

/** An agent's text arrives, and the screen ticks. */
async function stream(rig: Rig, { conversation }: IncomingMessage, text: string, agent = OPUS) {
  rig.terminal.turnText(conversation, agent, { text, reset: false });
  await rig.clock.advance(120);
}

test("each agent's line shows the end of what it is writing", async () => {
  const rig = await startRig();
  const message = await ask(rig, "Which index?");
  await playTurn(rig.terminal, message, storyStart());
  await stream(
    rig,
    message,
    `Reads want order. ${"So a tree it is, ".repeat(9)}and a B-tree at that`,
  );
  await stream(rig, message, "Hash\nindexes", GEMINI);
  const screen = await rig.shows("Hash indexes");
  expect(screen).toMatch(/Opus {3}is writing 0s +…[^\n]*and a B-tree at that\n/);
  expect(screen).toMatch(/Gemini is writing 0s +Hash indexes\n/);
  expect(Math.max(...screen.split("\n").map((line) => line.length))).toBeLessThan(80);
});

test("a reply in JSON, which only Parley reads, is not shown", async () => {
  const rig = await startRig();
  const message = await ask(rig, "Which index?");
  await playTurn(rig.terminal, message, storyStart());
  await stream(rig, message, '{"scores": {"A": 7');
  expect(await rig.shows("answering")).not.toContain("scores");
});

test("a lone agent's answer streams in full: finished paragraphs scroll up, the rest follows", async () => {
  const rig = await startRig({ rows: 16 });
  const message = await ask(rig, "Tell me");
  const lines = Array.from({ length: 40 }, (_, n) => `Paragraph ${n + 1}.`);
  const turn = await playTurn(rig.terminal, message, soloStory().slice(0, 2));
  await stream(rig, message, lines.join("\n\n"));
  const screen = await rig.shows("Paragraph 40.");
  expect(screen).toContain("solo is answering");
  expect(await rig.scrollback()).toContain("● Opus\n\nParagraph 1.\n\nParagraph 2.\n\n");
  const answer = `${lines.join("\n\n")}\n\nThe end.`;
  await turn.play(soloStory({ answer }).slice(2));
  await turn.finish();
  await rig.shows("The end.");
  const all = await rig.scrollback();
  for (const line of lines) expect(all.split(`\n${line}\n`)).toHaveLength(2);
  expect(all.match(/● Opus/g)).toHaveLength(1);
  expect(all).toMatch(/Paragraph 40\.\n\nThe end\.\n\nOpus's answer/);
});

test("code streams whole: it is printed when it is complete", async () => {
  const rig = await startRig({ rows: 30 });
  const message = await ask(rig, "Tell me");
  await playTurn(rig.terminal, message, soloStory().slice(0, 2));
  await stream(rig, message, "Run:\n\n```sh\nnpm ci\n\n\nnpm test\n");
  expect(await rig.shows("npm test")).toContain("```sh\nnpm ci\n\n\nnpm test\n```\n\n⠙");
  await stream(rig, message, "```\n\nThen wait.");
  expect(await rig.shows("Then wait.")).toContain("```sh\nnpm ci\n\n\nnpm test\n```\n\nThen wait.");
});

test("an answer that differs from what has streamed is printed whole, and says so", async () => {
  const rig = await startRig({ rows: 40 });
  const message = await ask(rig, "Tell me");
  const turn = await playTurn(rig.terminal, message, soloStory().slice(0, 2));
  await stream(rig, message, "A first thought.\n\nA second one.\n\nA third");
  await turn.play(soloStory({ answer: "Something else entirely." }).slice(2));
  await turn.finish();
  await rig.shows(
    "· The text changed when it was finished. The answer is:\n\n● Opus\n\nSomething else",
  );
});

test("a text that starts over streams again", async () => {
  const rig = await startRig({ rows: 40 });
  const message = await ask(rig, "Tell me");
  const turn = await playTurn(rig.terminal, message, soloStory().slice(0, 2));
  await stream(rig, message, "A first try.");
  rig.terminal.turnText(message.conversation, OPUS, { text: "", reset: true });
  await stream(rig, message, "A second try.");
  expect(await rig.shows("A second try.")).not.toContain("A first try.");
  await turn.play(soloStory({ answer: "A second try." }).slice(2));
  await turn.finish();
  expect(await rig.shows("Opus's answer")).not.toContain("changed");
});

test("what a team member writes is not taken for the answer", async () => {
  const rig = await startRig({ rows: 40 });
  const message = await ask(rig, "Which index?");
  const turn = await playTurn(rig.terminal, message, storyStart());
  await stream(rig, message, "My own view.\n\nIt is long.\n\n");
  await turn.play(turnStory().slice(4));
  await turn.finish();
  expect(await rig.shows("● Gemini")).not.toContain("My own view.");
});

test("an answer in another thread does not stream into this one", async () => {
  const rig = await startRig();
  const message = await ask(rig, "Tell me");
  const turn = await playTurn(rig.terminal, message, soloStory().slice(0, 2));
  rig.type("/new elsewhere\r");
  await rig.shows("── new thread elsewhere ──");
  await stream(rig, message, "One.\n\nTwo.\n\nThree.");
  await turn.play(soloStory({ answer: "One.\n\nTwo.\n\nThree." }).slice(2));
  await turn.finish();
  expect(await rig.shows("Opus answered in thread")).not.toContain("Two.");
});

test("streamed text cannot control the terminal", async () => {
  const rig = await startRig({ options: { colour: true } });
  const message = await ask(rig, "Tell me");
  await playTurn(rig.terminal, message, soloStory().slice(0, 2));
  rig.written();
  await stream(
    rig,
    message,
    "safe\x1b[2J\x1b]52;c;aGk=\x07\x9b5A\u202e\n\nand \x1b]0;owned\x07sound",
  );
  await rig.shows("and sound");
  const written = rig.written().split("\x1b");
  const own = /^\[(\?(2026|25)[hl]|[\d;]*m|\d*[ABCJK])/;
  const foreign = written.slice(1).map((part) => part.replace(own, ""));
  expect([written[0], ...foreign].join("")).not.toMatch(/(?![\r\n])\p{Cc}|\u202e/u);
  expect(written.slice(1).every((part) => own.test(part))).toBe(true);
});

test("the window's title says which thread is open and whether a turn runs, and goes with the chat", async () => {
  const rig = await startRig({ options: { attention: { title: true, bell: true } } });
  const begun = rig.written();
  expect(begun.indexOf("\x1b[22;2t")).toBeLessThan(
    begun.indexOf("\x1b]2;Parley · 2026-11-23-1\x07"),
  );
  expect(begun).toContain("\x1b[22;2t");
  const turn = await playTurn(rig.terminal, await ask(rig, "Which?"), turnStory().slice(0, 4));
  expect(rig.written()).toContain("\x1b]2;… Parley · 2026-11-23-1\x07");
  await rig.clock.advance(9_000);
  await turn.finish();
  // Whoever waits for less than ten seconds still looks at the screen.
  expect(rig.written().replaceAll("2026-11-23-1\x07", "")).not.toContain("\x07");
  await rig.terminal.stop();
  expect(rig.written()).toContain("\x1b]2;\x07\x1b[23;2t");
});

test("a bell rings when an answer took long", async () => {
  const rig = await startRig({ options: { attention: { title: false, bell: true } } });
  const turn = await playTurn(rig.terminal, await ask(rig, "Which?"), turnStory().slice(0, 4));
  await rig.clock.advance(10_000);
  rig.written();
  await turn.finish();
  await vi.waitFor(() => expect(rig.written()).toContain("\x07"), PATIENCE);
});
