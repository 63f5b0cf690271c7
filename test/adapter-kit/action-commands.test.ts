import fc from "fast-check";
import { expect, test } from "vitest";
import { type Action, actionCommand } from "../../src/adapter-kit/action-commands.ts";
import type { Command } from "../../src/commands/command.ts";
import { parseCommand } from "../../src/commands/parse/parse-command.ts";
import { TurnId } from "../../src/ids.ts";

const turn = TurnId.parse("0198c3a0-7a10-7000-8000-000000000001");
const message = "1765432100.000200";

const CASES: readonly (readonly [Action, Command])[] = [
  [{ type: "stop" }, { name: "stop", turn: null }],
  [
    { type: "stop", turn },
    { name: "stop", turn },
  ],
  [
    { type: "why", turn },
    { name: "why", turn },
  ],
  [{ type: "retry" }, { name: "retry", team: null, turn: null }],
  [
    { type: "retry", turn },
    { name: "retry", team: null, turn },
  ],
  [
    { type: "retry", turn, team: "council" },
    { name: "retry", team: "council", turn },
  ],
  [
    { type: "steer", message },
    { name: "steer", message },
  ],
  [
    { type: "restart", message },
    { name: "restart", message },
  ],
  [
    { type: "prefer", answer: "B" },
    { name: "prefer", answer: "B" },
  ],
  [
    { type: "switch", team: "code review", scope: "space" },
    { name: "team use", team: "code review", scope: "space" },
  ],
  [
    { type: "switch", team: undefined, scope: "channel" },
    { name: "team reset", scope: "channel" },
  ],
  [
    { type: "key", provider: "openai", key: "sk-proj-1234567890abcdef1234" },
    { name: "keys set", provider: "openai", key: "sk-proj-1234567890abcdef1234" },
  ],
  [
    { type: "key", provider: "openai", key: "" },
    { name: "keys remove", provider: "openai" },
  ],
];

test.each(CASES)("%j is read back as the command that it stands for", (action, command) => {
  expect(parseCommand(actionCommand(action))).toEqual(command);
});

const teams = fc
  .array(fc.stringMatching(/^[a-z][a-z0-9_-]{0,10}$/), { minLength: 1, maxLength: 4 })
  .map((words) => words.join(" "));

test("a retry names any team, also one called “of” or “with”, and never another turn", () => {
  fc.assert(
    fc.property(fc.oneof(teams, fc.constantFrom("of", "with", "of course", "with of")), (team) => {
      const text = actionCommand({ type: "retry", turn, team });
      expect(parseCommand(text)).toEqual({ name: "retry", team, turn });
    }),
  );
});
