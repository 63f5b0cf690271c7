import { describe, expect, it } from "vitest";
import { toDiscord } from "../../adapters/discord/render/markdown.ts";
import { replyPages } from "../../adapters/discord/render/reply-pages.ts";
import { markdownSections } from "../../adapters/slack/render/sections.ts";
import { renderNote, renderReply } from "../../adapters/slack/render/render.ts";
import { finish } from "../../src/slices.ts";
import { createLook } from "../../adapters/terminal/render/look.ts";
import { renderMarkdown } from "../../adapters/terminal/render/render-markdown.ts";

const reply = (markdown: string) => ({
  title: "Why",
  ok: true,
  visibleTo: "asker" as const,
  blocks: [{ type: "text" as const, markdown }],
});
const SHOWN = {
  "a note in Slack": (markdown: string) => JSON.stringify(renderNote(markdown)),
  "a reply in Slack": (markdown: string) => JSON.stringify(renderReply(reply(markdown))),
  "a modal of Slack": (markdown: string) => JSON.stringify(finish(markdownSections(markdown))),
  "a message in Discord": (markdown: string) => toDiscord(markdown),
  "a reply in Discord": async (markdown: string) => (await replyPages(reply(markdown))).join("\n"),
  "a terminal": (markdown: string) => renderMarkdown(markdown, createLook(200, false)).join("\n"),
};

const EVIL = "https://evil.example";
const LINKS = [
  `[https://bank.example](${EVIL})`,
  `[bank.example](${EVIL})`,
  `[BANK.EXAMPLE/login](${EVIL})`,
  `[**bank**.example](${EVIL})`,
  `![bank.example](${EVIL})`,
  `[bank.example][1]\n\n[1]: ${EVIL}`,
  "<https://bank.example@evil.example/>",
];

describe.each(Object.entries(SHOWN))("in %s", (_, show) => {
  it.each(LINKS)("%s shows where it leads", async (link) => {
    const shown = await show(`See ${link}`);
    expect(shown).toMatch(/bank/i);
    expect(shown.replaceAll(/<https:\/\/evil\.example\/?\|/g, "")).toContain("evil.example");
    // No link has the bank's address as its words and another one as its target.
    expect(shown).not.toMatch(
      /\[[^\]]*bank[^\]]*\]\(https:\/\/evil|<https:\/\/evil[^|>]*\|[^>]*bank/i,
    );
  });

  it("homographs are revealed", async () => {
    expect(await show("[apple.com](https://аpple.com)")).toContain("xn--pple-43d.com");
  });
});
