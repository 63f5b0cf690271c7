import { expect, it } from "vitest";
import { idsIn, readText } from "../../../adapters/slack/threads/read-text.ts";

const NAMES = {
  self: "U0PARLEY",
  users: new Map([["U0ADA", "Ada"]]),
  channels: new Map([["C0OPS", "ops"]]),
};
const read = (text: string) => readText(text, NAMES);

it.each([
  ["<@U0PARLEY> what is <@U0ADA> doing?", "what is @Ada doing?"],
  ["ask <@U0PARLEY|parley> now", "ask now"],
  ["<@U0BOB> <@U0EVE|eve>", "@U0BOB @eve"],
  ["see <#C0OPS> and <#C1|dev> and <#C2|>", "see #ops and #dev and #C2"],
  ["<!here> <!subteam^S1|@backend> <!subteam^S2>", "@here @backend @S2"],
  ["<!date^1700000000^{date}|yesterday>", "yesterday"],
  ["<https://a.org/?b=1&amp;c=2>", "https://a.org/?b=1&c=2"],
  ["<https://a.org|the site>", "[the site](https://a.org)"],
  ["<mailto:a@b.org|a@b.org>", "a@b.org"],
  ["a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"],
  ["&amp;lt;", "&lt;"],
  ["*bold* and ~gone~ and _it_", "**bold** and ~~gone~~ and _it_"],
  ["2*3*4 a*b *", "2*3*4 a*b *"],
  ["• one\n    ◦ two", "- one\n    - two"],
  ["`*as* <https://a.org|it> is &lt;`", "`*as* [it](https://a.org) is <`"],
  ["```\n*a* ~b~\n```", "```\n*a* ~b~\n```"],
])("reads %s", (text, expected) => {
  expect(read(text)).toBe(expected);
});

it("keeps the Markdown of Parley's own messages", () => {
  const text = "*it* **bold** [x](<https://a.org>) &lt;b&gt;";
  expect(readText(text, NAMES, "markdown")).toBe("*it* **bold** [x](https://a.org) <b>");
});

it("finds the ids whose names the text does not hold", () => {
  expect(idsIn("<@U1> <@U2|two> <#C1|> <#C2|dev> <!here> <https://x.org>")).toEqual({
    users: ["U1"],
    channels: ["C1"],
  });
});
