import { expect, test } from "vitest";
import { bareCommandIn } from "../../src/commands/parse/bare-command.ts";
import { conversationText, steeringIn } from "../../src/bot/read-message.ts";

test.each([
  "help",
  "Help.",
  "stop",
  "STOP!",
  "status",
  "version",
  "retry",
  "retry with council",
  "finish",
  "help team use",
  "help budget",
  "team",
  "team list",
  "team use council",
  "team use council --channel",
  "team use my-team space",
  "team reset --channel",
  "agents add gemini",
  "agents drop council/gpt",
  "listen thread",
  "listen always --channel",
  "usage week",
  "budget set 5usd/day --channel",
  "budget allow 3",
  "why --timing",
  "prefer b",
])("“%s” alone is a command", (text) => {
  expect(bareCommandIn(text)).toBe(text.replace(/[.!]$/, ""));
});

test.each([
  "help me",
  "help me with the team list",
  "help?",
  "stop words in Python?",
  "stop words",
  "status of the release?",
  "status?",
  "status report",
  "version 2 or 3?",
  "why",
  "why not",
  "retry with more examples and less text",
  "team use council or duo?",
  "team building ideas",
  "listen to this",
  "usage of semicolons",
  "budget for 2027",
  "prefer tea",
  "finish this sentence: once upon",
  "restart the server",
  "agents of change",
  "ask Ben",
  "keys set openai sk-1",
  "stop\nthen go",
  "hilfe",
  "停止",
  "",
])("“%s” is a question, or nothing", (text) => {
  expect(bareCommandIn(text)).toBeNull();
});

test.each([
  ["steer by bike", "by bike"],
  ["!steer By bike, please.", "By bike, please."],
  ["Steer  in German", "in German"],
  ["steer clear of what?", null],
  ["steering wheels", null],
  ["steer", null],
])("“%s” tells the running turn %j", (text, told) => {
  expect(steeringIn(text)).toBe(told);
});

test("what a command told the agents stays in the conversation; other commands do not", () => {
  expect(conversationText("!steer by bike")).toBe("by bike");
  expect(conversationText("steer by bike")).toBe("steer by bike");
  expect(conversationText("stop")).toBeUndefined();
  expect(conversationText("!team use duo")).toBeUndefined();
});
