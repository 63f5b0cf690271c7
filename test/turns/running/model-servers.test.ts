import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import type { AttachedFile } from "../../../src/platform.ts";
import { hasDocuments, hasTools } from "../../backends/concessions/offences.ts";
import { chatWire } from "../../servers/chat-wire.ts";
import { createModelFaults, type Scene } from "../../servers/model-faults.ts";
import type { RecordedRequest, Reply } from "../../servers/model-wire.ts";
import { listen } from "../../servers/slack/listen.ts";
import { openRoom } from "../../support/parley-room.ts";

const USAGE = { input: 100, cached: 0, cacheWritten: 0, output: 20, reasoning: 0 };
const isReview = (raw: string): boolean => /<team-answer(?:-\w+)? label=/.test(raw);
const labelsIn = (raw: string): readonly string[] => [
  ...new Set(
    [...raw.matchAll(/<team-answer(?:-\w+)? label=\\?"(\w)/g)].map(([, label = ""]) => label),
  ),
];
const ballot = (raw: string): string =>
  JSON.stringify({
    reason: "It is right.",
    scores: labelsIn(raw).map((answer, at) => ({ answer, score: 9 - 2 * at })),
    objection: "",
    objection_to: "",
  });
const refused = (message: string): Scene => ({
  type: "raw",
  status: 400,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ error: { message, type: "invalid_request_error", param: null } }),
});

async function openServer(decide: (request: RecordedRequest) => Scene) {
  const faults = await createModelFaults();
  onTestFinished(() => faults.stop());
  faults.serve(decide);
  return faults;
}

const teamAt = (url: string, ids: readonly string[], settings = "", more = "") =>
  [
    "agents:",
    ...ids.map(
      (id) =>
        `  - { id: ${id}, backend: { type: compatible, model: ${id}, base_url: "${url}/v1", price: { input: 1, output: 1 }${settings} } }`,
    ),
    more,
  ].join("\n");

test("the shipped local team works with models that take no tools: they vote in JSON, and team show says so", async () => {
  const faults = await openServer((request) => {
    const { raw, body } = request;
    const model = String(body["model"]);
    // ollama/ollama#11131
    if (hasTools(request)) {
      return refused(`registry.ollama.ai/library/${model} does not support tools`);
    }
    const text = isReview(raw)
      ? `{"name": "vote", "arguments": ${ballot(raw)}}`
      : `Take the second one, says ${model}.`;
    return { type: "answer", reply: { text, usage: USAGE } };
  });
  const shipped = await readFile("configs/local.yaml", "utf8");
  const room = await openRoom(shipped.replaceAll("http://localhost:11434", faults.url), {
    isReal: true,
  });
  await room.say("Which of the two should we take?");
  await room.quiet();
  expect(new Set(room.of("vote_cast").map(({ agent }) => agent)).size).toBe(3);
  expect(room.of("move_failed")).toEqual([]);
  expect(room.posted("final")).toHaveLength(1);
  expect(room.posted("final")[0]).toMatch(/^Take the second one, says \S+\.$/);
  const shown = JSON.stringify(await room.command("team show", { level: "installation" }));
  expect(shown).toContain("Qwen takes no tools: its votes are asked for as JSON");
});

const attached = (name: string, text: string): AttachedFile => {
  const bytes = Buffer.from(text, "latin1");
  return {
    id: name,
    name,
    mediaType: "application/pdf",
    bytes: bytes.length,
    load: () => Promise.resolve(bytes),
  };
};

/** PDFs that are empty, cut off, locked, not PDFs at all, or refer to themselves. */
const HOSTILE = [
  attached("empty.pdf", ""),
  attached("cut.pdf", "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 ob"),
  attached("locked.pdf", `%PDF-1.4\n${"x".repeat(100)}\n<< /Encrypt 9 0 R >>\n%%EOF`),
  attached("page.pdf", "<!doctype html><title>Not found</title>"),
  attached(
    "loop.pdf",
    "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [2 0 R] /Count 99999 >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF",
  ),
];

test.each([
  ["takes no PDFs", "content type 'file' is not supported by this model"],
  ["cannot read them", "The document has no pages."],
])(
  "hostile PDFs in a thread of a model that %s cost the PDFs, not the thread",
  async (_, words) => {
    const faults = await openServer((request) =>
      hasDocuments(request)
        ? refused(words)
        : { type: "answer", reply: { text: "Nothing in them says so.", usage: USAGE } },
    );
    const room = await openRoom(teamAt(faults.url, ["ann"], "", "mode: solo"), { isReal: true });
    await room.say("What do these say?", { files: HOSTILE });
    await room.quiet();
    await room.say("And now?");
    await room.quiet();
    expect(room.posted("final")).toEqual(["Nothing in them says so.", "Nothing in them says so."]);
    expect(room.notes().join("\n")).toContain("cut.pdf");
    // The second question is not refused again.
    expect(hasDocuments(faults.requests.at(-1) ?? expect.fail("nothing was sent"))).toBe(false);
    const asked = faults.requests.findLastIndex(hasDocuments);
    expect(asked).toBeLessThan(faults.requests.length - 1);
  },
);

/** A Chat Completions server whose calls end when the test says so. */
async function openHeld() {
  const held: { readonly raw: string; readonly end: () => void }[] = [];
  let most = 0;
  let answers = 0;
  const answer = (raw: string, response: ServerResponse): void => {
    const call = { name: "vote", arguments: ballot(raw) };
    const reply: Reply = isReview(raw)
      ? { calls: [call], usage: USAGE }
      : { text: `Answer ${(answers += 1)} is 42.`, usage: USAGE };
    response.end([...chatWire.content(reply), ...chatWire.finish(reply)].join(""));
  };
  const server = createServer((request, response) => {
    void Array.fromAsync<Buffer>(request).then((chunks) => {
      const raw = Buffer.concat(chunks).toString();
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      held.push({ raw, end: () => answer(raw, response) });
      most = Math.max(most, held.length);
    });
  });
  const listening = await listen(server);
  onTestFinished(() => listening.close());
  return { url: listening.url, held, most: () => most };
}

test("four agents share an account of one call at a time: each answers and votes, one after the other", async () => {
  const models = await openHeld();
  const room = await openRoom(teamAt(models.url, ["ann", "ben", "cy", "di"], ", concurrency: 1"), {
    isReal: true,
  });
  await room.say("What is 6 × 7?");
  await room.until(() => expect(models.held).toHaveLength(1));
  expect(
    room
      .statuses()
      .at(-1)
      ?.agents.filter(({ status }) => status === "queued"),
  ).toHaveLength(3);
  while (room.of("turn_ended").length === 0) {
    await room.until(() =>
      expect(models.held.length + room.of("turn_ended").length).toBeGreaterThan(0),
    );
    models.held.shift()?.end();
  }
  await room.quiet();
  expect(models.most()).toBe(1);
  expect(room.of("move_failed")).toEqual([]);
  expect(room.of("move_timed_out")).toEqual([]);
  expect(
    room
      .of("answer_given")
      .map(({ agent }) => agent)
      .toSorted(),
  ).toEqual(["ann", "ben", "cy", "di"]);
  expect(room.posted("final")).toHaveLength(1);
  expect(room.posted("final")[0]).toMatch(/^Answer \d is 42\.$/);
});

test("a fallback without room is waited for like a model: its agent is queued, then answers", async () => {
  const models = await openHeld();
  const faults = await openServer(() => refused("The model `gone` does not exist"));
  const fallback = `fallback: { type: compatible, model: spare, base_url: "${models.url}/v1", concurrency: 1, price: { input: 1, output: 1 } }`;
  const agents = ["ann", "ben"].map(
    (id) =>
      `  - { id: ${id}, backend: { type: compatible, model: gone, base_url: "${faults.url}/v1", price: { input: 1, output: 1 } }, ${fallback} }`,
  );
  const room = await openRoom(["agents:", ...agents].join("\n"), { isReal: true });
  await room.say("What is 6 × 7?");
  await room.until(() => {
    expect(models.held).toHaveLength(1);
    expect(room.of("move_queued")).toHaveLength(1);
  });
  expect(room.of("move_queued")[0]).toMatchObject({ cause: "room" });
  while (room.of("turn_ended").length === 0) {
    await room.until(() =>
      expect(models.held.length + room.of("turn_ended").length).toBeGreaterThan(0),
    );
    models.held.shift()?.end();
  }
  await room.quiet();
  expect(models.most()).toBe(1);
  expect(room.of("move_failed")).toEqual([]);
  expect(
    room
      .of("answer_given")
      .map(({ agent }) => agent)
      .toSorted(),
  ).toEqual(["ann", "ben"]);
  expect(room.posted("final")).toHaveLength(1);
  expect(room.posted("final")[0]).toMatch(/^Answer \d is 42\.$/);
});
