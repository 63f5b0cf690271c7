import { expect, onTestFinished, test } from "vitest";
import { formatReply } from "../src/bot/format-reply.ts";
import type { AttachedFile } from "../src/platform.ts";
import { phaseWords } from "../src/progress/status-words.ts";
import { hasDocuments } from "./backends/concessions/offences.ts";
import { createModelFaults, type Scene } from "./servers/model-faults.ts";
import type { RecordedRequest } from "./servers/model-wire.ts";
import { openRoom, type ParleyRoom } from "./support/parley-room.ts";
import { freePort } from "./support/free-port.ts";
import { blocks, readDocument } from "./support/read-document.ts";

const PAGE = readDocument("docs/how-to/when-something-fails.md");
const KEY = "sk-test-0123456789abcdef";
const ENV = { PARLEY_KEY_TEST: KEY };
const USAGE = { input: 100, cached: 0, cacheWritten: 0, output: 20, reasoning: 0 };
const ANSWER: Scene = { type: "answer", reply: { text: "By the mill.", usage: USAGE } };

interface Failing {
  readonly type: "openai" | "compatible" | "anthropic" | "gemini";
  readonly name: string;
  readonly model: string;
  readonly serve: (request: RecordedRequest) => Scene;
  readonly files?: readonly AttachedFile[];
  /** No server is there. */
  readonly isDown?: true;
}

const broken: AttachedFile = {
  id: "plan.pdf",
  name: "plan.pdf",
  mediaType: "application/pdf",
  bytes: 9,
  load: async () => Buffer.from("%PDF-1.7\n"),
};
const refused = (message: string): Scene => ({
  type: "raw",
  status: 400,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ error: { message, type: "invalid_request_error", param: null } }),
});

/** What fails, by the heading of the page. */
const FAILURES: Readonly<Record<string, Failing>> = {
  "The key is wrong": {
    type: "openai",
    name: "GPT",
    model: "gpt-6",
    serve: () => ({ type: "refuse", error: "auth" }),
  },
  "The model is gone": {
    type: "gemini",
    name: "Gemini",
    model: "gemini-2-pro",
    serve: () => ({ type: "refuse", error: "not_found" }),
  },
  "The provider is overloaded": {
    type: "anthropic",
    name: "Claude",
    model: "claude-opus-5-5",
    serve: () => ({ type: "refuse", error: "overloaded" }),
  },
  "The conversation is too long": {
    type: "anthropic",
    name: "Claude",
    model: "claude-opus-5-5",
    serve: () => ({ type: "refuse", error: "context" }),
  },
  "The local server is not running": {
    type: "compatible",
    name: "Qwen",
    model: "qwen3",
    serve: () => ANSWER,
    isDown: true,
  },
  "A file cannot be read": {
    type: "compatible",
    name: "Qwen",
    model: "qwen3",
    serve: (request) => (hasDocuments(request) ? refused("The document has no pages.") : ANSWER),
    files: [broken],
  },
};

const PATHS = { openai: "/v1", compatible: "/v1", anthropic: "", gemini: "" } as const;

async function openFailing({ type, name, model, serve, isDown }: Failing) {
  const faults = await createModelFaults();
  onTestFinished(() => faults.stop());
  faults.serve(serve);
  const at = isDown ? `http://127.0.0.1:${await freePort()}` : faults.url;
  const backend = `{ type: ${type}, model: ${model}, base_url: "${at}${PATHS[type]}", api_key: "\${PARLEY_KEY_TEST}", price: { input: 1, output: 1 }, context_window: 100000 }`;
  const team = `mode: solo\nagents:\n  - { id: ${name.toLowerCase()}, name: ${name}, backend: ${backend} }\n`;
  const room = await openRoom(team, { isReal: true, env: ENV });
  /** As if it were the usual address. */
  const plain = (text: string) =>
    text.replaceAll(at, "http://localhost:11434").replaceAll(at.slice(7), "localhost:11434");
  return { room, plain };
}

/** What members read in the thread: the answer with its footer or the note, and the status. */
const seenByMembers = (room: ParleyRoom): string =>
  [
    ...room.posted("note"),
    ...room.posted("final"),
    ...room.notes(),
    ...room.statuses().map((view) => `${view.team} ${phaseWords(view)}`),
  ].join("\n");

/** What the people who run Parley read. */
async function seenByAdmins(room: ParleyRoom): Promise<string> {
  return formatReply(await room.command("why", { level: "installation" }));
}

async function live({ files = [] }: Failing, room: ParleyRoom): Promise<void> {
  await room.say("Where is it?", { files });
  await room.until(async () => {
    await room.clock.advance(100);
    expect(await room.store.turns.lanes()).toEqual([]);
  });
}

/** Times differ from run to run. */
const steady = (text: string): string =>
  text
    .replaceAll(/\b[\da-f]{8}-[\da-f-]{27}\b/g, "01a2…")
    .replaceAll(/It took [\dms]+,/g, "It took 4s,")
    .replaceAll(/answered in \d+s/g, "answered in 4s")
    .trim();

/** The text blocks under a heading of the page. */
function shownUnder(heading: string): readonly string[] {
  const [, rest = ""] = PAGE.split(`\n## ${heading}\n`);
  return blocks(rest.split("\n## ")[0] ?? "", "text").map((block) => block.trim());
}

test.each(Object.entries(FAILURES))(
  "the page shows what members and admins read: %s",
  async (heading, failing) => {
    const { room, plain } = await openFailing(failing);
    await live(failing, room);
    const screens = [seenByMembers(room), await seenByAdmins(room)];
    expect(shownUnder(heading)).toEqual(screens.map((text) => steady(plain(text))));
    expect(screens[0]).not.toMatch(/https?:|127\.0\.0\.1|sk-/);
    expect(screens.join("\n")).not.toContain(KEY);
  },
);

test("the page shows no failure that is not run", () => {
  const headings = [...PAGE.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
  expect(headings.filter((heading) => shownUnder(heading).length > 0)).toEqual(
    Object.keys(FAILURES),
  );
});
