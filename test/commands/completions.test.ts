import { expect, test } from "vitest";
import { openRoom } from "./room.ts";

test.each([
  ["st", ["stop", "steer", "status", "stats models"]],
  ["Team", ["team list", "team show", "team use", "team reset"]],
  ["team use c", ["team use council"]],
  ["team use solo --", ["team use solo --here"]],
  ["ask --team du", ["ask --team duo-review"]],
  ["retry with lo", ["retry with local"]],
  ["agents drop ", ["agents drop gpt", "agents drop claude", "agents drop gemini"]],
  [
    "agents add local/",
    ["agents add local/qwen", "agents add local/gemma", "agents add local/llama"],
  ],
  ["agents only gpt cl", ["agents only gpt claude"]],
  ["help agents l", ["help agents list"]],
  ["usage w", ["usage week"]],
  ["prefer ", []],
  ["ask why", []],
])("%j may become %j", async (prefix, texts) => {
  expect(await (await openRoom()).complete(prefix)).toEqual(texts);
});

test("Admins are offered more", async () => {
  const { complete } = await openRoom();
  expect(await complete("team re", "admin")).toEqual(["team reset"]);
  expect(await complete("team re", "installation")).toEqual(["team reset", "team reload"]);
  expect(await complete("team reset ", "admin")).toEqual([
    "team reset --here",
    "team reset --channel",
    "team reset --space",
  ]);
});
