import { escapeName, threadName } from "../../adapters/discord/render/lines.ts";
import { formatSmallPrint, parseAskedQuestion } from "../../adapters/discord/render/small-print.ts";
import { toDiscord } from "../../adapters/discord/render/markdown.ts";
import { renderStatus as renderDiscordStatus } from "../../adapters/discord/render/render-status.ts";
import { addressedOf } from "../../adapters/discord/parse/addressed.ts";
import { readText as readDiscordText } from "../../adapters/discord/parse/read-text.ts";
import { addressedOf as slackAddressedOf } from "../../adapters/slack/intake/parse-event.ts";
import { SlackMessage } from "../../adapters/slack/wire/message.ts";
import { markdownSections, packSections } from "../../adapters/slack/render/sections.ts";
import { safeText as saidInSlack } from "../../adapters/slack/render/blocks.ts";
import { closeFence } from "../../src/adapter-kit/text/fence.ts";
import {
  renderFinal as renderSlackFinal,
  renderNote,
  renderReply,
} from "../../adapters/slack/render/render.ts";
import { renderStatus as renderSlackStatus } from "../../adapters/slack/render/render-status.ts";
import { withoutPings } from "../../adapters/slack/render/escape.ts";
import { idsIn, readText as readSlackText } from "../../adapters/slack/threads/read-text.ts";
import { createFullText } from "../../adapters/terminal/chat/full-text.ts";
import {
  draftOf,
  editDraft,
  insertPaste,
  insertText,
} from "../../adapters/terminal/input/draft.ts";
import { droppedPaths } from "../../adapters/terminal/input/dropped-paths.ts";
import { searchWritten } from "../../adapters/terminal/input/history-search.ts";
import { opensMenu } from "../../adapters/terminal/input/menu.ts";
import { expand } from "../../adapters/terminal/input/pasted.ts";
import { loadHighlight } from "../../adapters/terminal/render/highlight.ts";
import { layoutDraft } from "../../adapters/terminal/input/layout-draft.ts";
import { createLook } from "../../adapters/terminal/render/look.ts";
import { renderBoard } from "../../adapters/terminal/render/render-board.ts";
import { renderMarkdown } from "../../adapters/terminal/render/render-markdown.ts";
import {
  renderNote as renderTerminalNote,
  renderQuestion,
} from "../../adapters/terminal/render/render-thread.ts";
import { keepStyles } from "../../adapters/terminal/render/lines.ts";
import {
  createEventFilter,
  createThoughtHabit,
} from "../../src/backends/reply-text/filter-events.ts";
import { parseErrorText } from "../../src/backends/refusals/error-body.ts";
import { conversationText } from "../../src/bot/read-message.ts";
import { cleanLine, escapeControls } from "../../src/text/clean-text.ts";
import { splitWords } from "../../src/commands/parse/command-words.ts";
import { parseCommand } from "../../src/commands/parse/parse-command.ts";
import { cutMiddle } from "../../src/context/cut-middle.ts";
import { estimateText } from "../../src/context/estimate.ts";
import { attribute, createFences } from "../../src/context/fence.ts";
import { finalText } from "../../src/conversation/final-answer.ts";
import { joinParts } from "../../src/conversation/join-parts.ts";
import { cleanName } from "../../src/conversation/names.ts";
import { splittingAnswer } from "../../src/delivery/split-answer.ts";
import { splitMarkdown } from "../../src/delivery/split.ts";
import { readCall } from "../../src/moves/read-call.ts";
import { nearest } from "../../src/text/nearest.ts";
import { createRedactor } from "../../src/text/redact.ts";
import { excerpt } from "../../src/progress/failure-words.ts";
import { importMassgen } from "../../src/teams/massgen/import-massgen.ts";
import { ImportError } from "../../src/teams/massgen/read-config.ts";
import { parseYaml } from "../../src/teams/files/yaml-source.ts";
import { finish } from "../../src/slices.ts";
import { finalView, massgenFile, ownMessage, statusView, teamFile, turn } from "./views-of-text.ts";

const look = { ...createLook(80, true), agentColour: () => "cyan" as const };
const highlight = await loadHighlight();
const SLACK_NAMES = { self: "U0PARLEY", users: new Map([["U1", "Ada"]]), channels: new Map() };
const DISCORD = { self: "1", channelName: () => undefined, roleName: () => undefined };
const message = (text: string) => ({
  content: text,
  embeds: [],
  sticker_items: [],
  mentions: [],
  message_snapshots: [],
  poll: undefined,
});

/** Everything that takes text of people, models or files, by what it does. `lays out`: it parses Markdown or looks closely at each character, which takes longer. */
export const READERS: Readonly<
  Record<"lays out" | "reads", Readonly<Record<string, (text: string) => unknown>>>
> = {
  "lays out": {
    "splits an answer for Slack": (text) =>
      finish(splittingAnswer(text, { maxTextLength: 10_000, footerRoom: 0, maxParts: 1_000 })),
    "splits an answer for Discord": (text) => splitMarkdown(text, 500),
    "draws Markdown in Slack's marks": (text) => finish(markdownSections(text)),
    "draws the runner-up in Slack": (text) =>
      renderSlackFinal({
        kind: "final",
        view: finalView("a", text),
        text: "a",
        chunk: 0,
        chunks: 1,
      }),
    "draws Markdown in the terminal": (text) => renderMarkdown(text, look).map(keepStyles),
    "draws a board in the terminal": (text) =>
      renderBoard(statusView(text), look, { sinceMs: 0, frame: 0, texts: new Map(), rows: 20 }),
    "streams an answer in the terminal": (text) => {
      const full = createFullText();
      for (let at = 0; at < text.length; at += 20) {
        full.append(text.slice(at, at + 20));
        if (at % 5_000 === 0) renderMarkdown(full.takeReady() + full.pending(6_000), look);
      }
      return full.restOf(text);
    },
    "colours code in the terminal": (text) =>
      renderMarkdown(`\`\`\`ts\n${text}\n\`\`\``, { ...look, highlight }),
    "draws a question in the terminal": (text) => renderQuestion({ text, files: [] }, look),
    "filters a model's stream": (text) => {
      const filter = createEventFilter(createThoughtHabit(false));
      for (let at = 0; at < text.length; at += 20) {
        filter.take({ type: "text", text: text.slice(at, at + 20) });
      }
      return filter.take({ type: "done", finish: "stop", usage: null });
    },
    "filters a model's text": (text) =>
      createEventFilter(createThoughtHabit(false)).take({ type: "text", text }),
    "reads a team file": parseYaml,
    "draws an answer in Slack": (text) =>
      renderSlackFinal({ kind: "final", view: finalView(text), text, chunk: 0, chunks: 1 }),
    "draws a note in Slack": renderNote,
    "draws a reply in Slack": (text) =>
      renderReply({
        title: text,
        ok: true,
        visibleTo: "asker",
        blocks: [
          { type: "code", text, language: "" },
          { type: "table", columns: ["a", "b"], rows: text.split("\n").map((cell) => [cell, "b"]) },
        ],
      }),
    "draws Markdown in Discord": (text) => toDiscord(text, Infinity),
    "draws a note in the terminal": (text) => renderTerminalNote(text, look),
  },
  reads: {
    "takes a paste in the terminal": (text) => [
      droppedPaths(text),
      opensMenu(text),
      expand(insertPaste(draftOf("a"), text)),
      searchWritten([text, text], "a b"),
    ],
    "draws a status in Slack": (text) => renderSlackStatus(statusView(text)),
    "breaks pings in Slack": withoutPings,
    "says a name in Slack": saidInSlack,
    "closes a fence in Slack": closeFence,
    "packs sections in Slack": (text) => packSections([text]),
    "finds ids in Slack": idsIn,
    "reads a text of Slack": (text) => readSlackText(text, SLACK_NAMES),
    "sees who is addressed in Slack": (text) =>
      slackAddressedOf(
        SlackMessage.parse({ ts: "1.1", text, user: "U1" }),
        { kind: "channel", appMention: false },
        { botUser: "U0PARLEY" },
      ),
    "draws a status in Discord": (text) => renderDiscordStatus(statusView(text)),
    "draws small print in Discord": (text) => formatSmallPrint([text]),
    "escapes a name in Discord": escapeName,
    "names a thread in Discord": (text) => threadName(text, text),
    "reads a text of Discord": (text) => readDiscordText(message(text), DISCORD),
    "sees who is addressed in Discord": (text) => addressedOf({ content: text }, "thread", DISCORD),
    "finds a question asked in Discord": (text) =>
      parseAskedQuestion({
        content: text,
        interaction_metadata: { user: { id: "1", username: "ada" } },
      }),
    "pastes a text in the terminal": (text) => {
      const draft = insertText(draftOf(""), text);
      const edited = editDraft(editDraft(draft, "left") ?? draft, "ctrl+w") ?? draft;
      return layoutDraft(edited, 80, 8);
    },
    "cleans a line": cleanLine,
    "escapes controls for a log": escapeControls,
    "takes secrets out of a log": createRedactor(["a-secret-key"]),
    "reads a message": conversationText,
    "reads a command": (text) => parseCommand(text),
    "reads a command's name": (text) => parseCommand(`!${text.replaceAll(/\s/g, "")}`),
    "reads a command's words": splitWords,
    "finds the nearest word": (text) => nearest(text, ["team", "status", text.slice(1)]),
    "cleans a name": cleanName,
    "writes a file's name": (text) => attribute("file", text),
    "fences a text": (text) => createFences("5d0c93f1").said(text, text),
    "estimates tokens": estimateText,
    "cuts the middle": (text) => cutMiddle(text, text.length / 2),
    "joins parts": (text) =>
      joinParts([text.slice(0, text.length / 2), text.slice(text.length / 2)]),
    "reads a ballot": (text) =>
      readCall(
        {
          name: "vote",
          arguments: JSON.stringify({
            scores: { A: text, [text]: 3 },
            reason: text,
            objection: text,
            objection_to: text,
          }),
        },
        ["A", "B"],
      ),
    "reads instructions in a team file": (text) => parseYaml(teamFile(text)),
    "imports a MassGen file": (text) => {
      try {
        return importMassgen(massgenFile(text));
      } catch (error) {
        if (error instanceof ImportError) return error.message;
        throw error;
      }
    },
    "compares an answer with the outbox": (text) =>
      void finalText(
        [{ message: ownMessage(text), turn, chunk: 0 }],
        { text, parts: [text] },
        new AbortController().signal,
      ),
    "reads a provider's error": (text) => parseErrorText(text),
    "quotes a message": (text) => excerpt(text, 80),
    "reads a call that is no JSON": (text) => readCall({ name: "vote", arguments: text }, ["A"]),
  },
};
