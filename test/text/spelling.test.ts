import { expect, test } from "vitest";
import { spellSlash } from "../../adapters/discord/interactions/spell-slash.ts";
import { conversationOf, outsideThreads } from "../../adapters/slack/place.ts";
import { spellOnSlack } from "../../adapters/slack/spell.ts";
import { spellInTerminal } from "../../adapters/terminal/spell.ts";
import { spelled, spelledUsage, typed } from "../../src/text/spelling.ts";

const inThread = conversationOf({ team: "T1", channel: "C1", thread: "17.5" });
const inDirectMessage = conversationOf({ team: "T1", channel: "D1", thread: "17.5" });
const inChannel = outsideThreads("T1", "C1");
const TEXT = `Try ${typed("help")}.`;

test("a text names commands as they are written where it is read", () => {
  expect(spelled(TEXT, spellOnSlack(inThread, false))).toBe("Try `@Parley !help`.");
  expect(spelled(TEXT, spellOnSlack(inThread, true))).toBe("Try `/parley help`.");
  expect(spelled(TEXT, spellOnSlack(inChannel, false))).toBe("Try `/parley help`.");
  expect(spelled(TEXT, spellOnSlack(inDirectMessage, false))).toBe("Try `!help`.");
  expect(spelled(TEXT, spellSlash)).toBe("Try `/parley help`.");
  expect(spelled(TEXT, spellInTerminal)).toBe("Try `/help`.");
});

test.each([
  ["team use council", "/parley team use team:council"],
  ["team use council --channel", "/parley team use team:council scope:channel"],
  ["team use TEAM --here", "/parley team use team:TEAM scope:thread"],
  ["team use council --space", "/parley-admin team use team:council"],
  ["team reset --channel", "/parley team reset scope:channel"],
  ["listen thread", "/parley listen mode:thread"],
  ["listen always --channel", "/parley listen mode:always scope:channel"],
  ["prefer A", "/parley prefer answer:A"],
  ["retry", "/parley retry"],
  ["retry with council", "/parley retry team:council"],
  ["why --timing", "/parley why show:timing"],
  ["help team use", "/parley help command:team use"],
  ["steer by bike", "/parley steer message:by bike"],
  ["agents add gpt claude", "/parley agents add agents:gpt claude"],
  ["usage month", "/parley usage period:month"],
  ["budget set 5usd/day --channel", "/parley-admin budget set limit:5usd/day for:channel"],
  ["budget allow", "/parley-admin budget allow"],
  ["stats models", "/parley stats models"],
  ["stats models reset yes", "/parley-admin stats models-reset sure:yes"],
  ["keys set PROVIDER KEY", "/parley-admin keys set provider:PROVIDER key:KEY"],
  ["ask QUESTION", "/parley ask question:QUESTION"],
  ["ask --team TEAM QUESTION", "/parley ask question:QUESTION team:TEAM"],
  ["mumble", "/parley mumble"],
])("on Discord, “%s” is “%s”", (words, slash) => {
  expect(spellSlash(words)).toBe(slash);
});

test("the help of each place lists commands as they are written there", () => {
  const row = typed("team use TEAM [--here|--channel]");
  expect(spelledUsage(row, spellSlash)).toBe("/parley team use team: [scope:]");
  expect(spelledUsage(typed("ask [--team TEAM] QUESTION"), spellSlash)).toBe(
    "/parley ask question: [team:]",
  );
  expect(spelledUsage(typed("keys show"), spellSlash)).toBe("/parley-admin keys show");
  expect(spelledUsage(row, spellOnSlack(inThread, false))).toBe(
    "!team use TEAM [--here|--channel]",
  );
  expect(spelledUsage(row, spellInTerminal)).toBe("/team use TEAM [--here|--channel]");
});
