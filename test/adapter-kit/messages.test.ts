import { expect, test } from "vitest";
import { z } from "zod";
import { opensWithMention } from "../../src/adapter-kit/mentions.ts";
import { freshMinutes, nameList, readAdapterSettings } from "../../src/adapter-kit/settings.ts";
import { TurnId } from "../../src/ids.ts";
import { sameMark } from "../../src/platform.ts";

const turn = TurnId.parse("0190163d-8694-739b-aea5-966c26f8ad91");

test("marks are the same when turn, kind and part are", () => {
  const mark = { turn, kind: "final", chunk: 0 } as const;
  expect(sameMark({ ...mark }, mark)).toBe(true);
  expect(sameMark(undefined, mark)).toBe(false);
  expect(sameMark({ ...mark, chunk: 1 }, mark)).toBe(false);
  expect(sameMark({ ...mark, kind: "note" }, mark)).toBe(false);
});

test.each([
  ["<@7> can you look?", true],
  ["Hey <@7>, can you look?", true],
  ["  … thanks <@7>!", true],
  ["(cc <@7>)", true],
  ["Hello world <@7>", false],
  ["Ask <@7> about it", false],
  ["heyday <@7>", false],
])("whether “%s” opens with a mention", (text, opens) => {
  expect(opensWithMention("<@\\d+>").test(text)).toBe(opens);
});

const Env = z.object({
  RED_ADMINS: nameList,
  RED_FRESH_MINUTES: freshMinutes(10),
  RED_TOKEN: z.string("is not set").optional(),
});

test("an adapter's settings are trimmed, empty ones are not set, and lists take commas and spaces", () => {
  expect(
    readAdapterSettings(Env, { RED_ADMINS: " U1, U2\tU3,,", RED_TOKEN: "  ", OTHER: "x" }),
  ).toEqual({ RED_ADMINS: ["U1", "U2", "U3"], RED_FRESH_MINUTES: 10 });
});

test("every broken setting is named, and no value is repeated", () => {
  const Strict = Env.extend({ RED_URL: z.url("must be a URL") });
  const read = () => readAdapterSettings(Strict, { RED_FRESH_MINUTES: "-1", RED_URL: "hunter2" });
  expect(read).toThrow("RED_FRESH_MINUTES must be 0 or more\nRED_URL must be a URL");
});
