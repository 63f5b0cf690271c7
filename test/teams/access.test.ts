import { expect, test } from "vitest";
import { levelOf } from "../../src/teams/access.ts";

const access = { operators: ["slack:*"], admins: ["slack:U1", "slack:S9", "discord:55"] };

test.each([
  [["slack:U1"], "admin"],
  [["slack:U2", "slack:S9"], "admin"],
  [["slack:U2"], "operator"],
  [["discord:U1", "discord:55"], "admin"],
  [["discord:U1"], "everyone"],
  [["slackbot:U1"], "everyone"],
])("Who is %j is %s", (ids, level) => {
  expect(levelOf(access, ids, "everyone")).toBe(level);
});

test("A platform's admin needs no entry, and * is everybody", () => {
  expect(levelOf({ operators: [], admins: [] }, ["slack:U3"], "admin")).toBe("admin");
  expect(levelOf({ operators: ["*"], admins: [] }, ["discord:7"], "everyone")).toBe("operator");
});
