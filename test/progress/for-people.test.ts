import { describe, expect, test } from "vitest";
import { renderStatus as renderInDiscord } from "../../adapters/discord/render/render-status.ts";
import { noteBodies } from "../../adapters/discord/post/notes.ts";
import { render } from "../../adapters/slack/render/render.ts";
import { localMoments } from "../../adapters/terminal/render/local-moments.ts";
import type { Backend, BackendError } from "../../src/backends/backend.ts";
import { fold } from "../../src/coordination/advance.ts";
import { TurnEvent } from "../../src/coordination/turn-event.ts";
import { ConversationId } from "../../src/ids.ts";
import { formatNoAnswer } from "../../src/progress/failure-words.ts";
import { forPeople } from "../../src/progress/for-people.ts";
import { finalView } from "../../src/progress/final-view.ts";
import { statusView } from "../../src/progress/status-view.ts";
import { whyReply } from "../../src/progress/why-reply.ts";
import { failure } from "../backends/ask.ts";
import { BACKENDS } from "../backends/refusals/four-backends.ts";
import type { Scene } from "../servers/model-faults.ts";
import { useModelFaults } from "../servers/use-model-faults.ts";
import { failedStory, turnStory } from "../support/turn-story.ts";

const SLACK = ConversationId.parse("slack:T1:C1:1700000000.000100");
const TERMINAL = ConversationId.parse("terminal::default:thread-1");
const UNTIL = Date.parse("2026-11-30T15:20:00Z");

type Reply = Extract<Scene, { type: "raw" }>;
const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  type: "raw",
  status,
  headers: { "content-type": "application/json", ...headers },
  body: typeof body === "string" ? body : JSON.stringify(body),
});

/** The end of a turn of GPT alone that failed like this. */
const endedBy = (error: BackendError) => {
  const [started] = failedStory();
  if (started?.type !== "turn_started") throw new Error("the story has no beginning");
  const [agent] = started.agents;
  const { failure: failed, message, reason, retryAfterMs } = error;
  return fold(
    TurnEvent.array().parse([
      { ...started, agents: [{ ...agent, id: "gpt", name: "GPT" }] },
      {
        type: "move_failed",
        at: 1,
        move: "gpt:answer:1",
        agent: "gpt",
        failure: failed,
        message,
        reason,
        usage: null,
        ...(retryAfterMs !== undefined && { until: UNTIL }),
      },
      { type: "turn_ended", at: 2, outcome: "failed" },
    ]),
  );
};

const ADVICE = "An admin can see details with `parley why`.";
const KEYS: Readonly<Record<string, string>> = {
  openai: "Set OPENAI_API_KEY, or api_key in the team file, to a valid key.",
  compatible: "Set api_key in the team file to a valid key.",
  anthropic: "Set ANTHROPIC_API_KEY, or api_key in the team file, to a valid key.",
  gemini: "Set GEMINI_API_KEY or GOOGLE_API_KEY, or api_key in the team file, to a valid key.",
};

/** What a provider sends, what members read, and what operators read of it. */
const FAILURES: readonly (readonly [
  name: string,
  reply: Reply,
  member: string,
  operator: string,
])[] = [
  [
    "a refused key",
    json(401, { error: { message: "Incorrect API key provided", code: "invalid_api_key" } }),
    `GPT could not answer: the provider rejects the key. ${ADVICE}`,
    "refused the key: Incorrect API key provided (HTTP 401). ",
  ],
  [
    "no credit",
    json(402, { error: { message: "Insufficient Balance" } }),
    `GPT could not answer: the account at the provider is out of credit. ${ADVICE}`,
    ": Insufficient Balance (HTTP 402). Add credit, or raise the spending limit, at the provider",
  ],
  [
    "a rate limit beyond the turn",
    json(
      429,
      { error: { message: "Rate limit reached", type: "tokens" } },
      { "retry-after": "3600" },
    ),
    `GPT could not answer: rate limit until 2026-11-30 15:20 UTC.`,
    ": Rate limit reached (HTTP 429) (until 2026-11-30 15:20 UTC)",
  ],
  [
    "a wrong address",
    json(200, "<html><head><title>Open WebUI</title></head></html>"),
    `GPT could not answer: there is no model at the configured address. ${ADVICE}`,
    "There is no model API at http://127.0.0.1:",
  ],
  [
    "an unknown model",
    json(404, { error: { message: "The model does not exist" } }),
    `GPT could not answer: the provider does not know the model. ${ADVICE}`,
    ": The model does not exist (HTTP 404). Check model and base_url",
  ],
  [
    "a firewall",
    json(403, "<html><title>Just a moment...</title></html>"),
    `GPT could not answer: a firewall blocks the provider. ${ADVICE}`,
    "a web page titled “Just a moment...” (HTTP 403). A firewall answered in place of the API",
  ],
  [
    "a moderated prompt",
    json(403, { error: { message: "Your input was flagged for violence", code: 403 } }),
    "GPT could not answer: the provider's content filter blocked the request.",
    ": Your input was flagged for violence (HTTP 403)",
  ],
  [
    "an overloaded provider",
    json(529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
    "GPT could not answer: the provider is overloaded.",
    ": Overloaded (HTTP 529)",
  ],
  [
    "an empty reply",
    json(200, ""),
    "GPT could not answer: the provider sent an empty reply.",
    "sent an empty reply",
  ],
];

describe.each(BACKENDS)("when $kind fails", ({ kind, create }) => {
  const faults = useModelFaults();
  const failing = async (reply: Reply, backend?: Backend) => {
    faults().play(reply, reply, reply);
    return endedBy(await failure(backend ?? create(faults().url)));
  };

  test.each(FAILURES)(
    "by %s, members and operators read it in their words",
    async (...[, reply, member, operator]) => {
      const state = await failing(reply);
      expect(formatNoAnswer(forPeople(state, SLACK))).toBe(member);
      const told = formatNoAnswer(forPeople(state, TERMINAL));
      expect(told).toContain(operator);
      expect(JSON.stringify(whyReply(state).blocks[0])).toContain(
        JSON.stringify(operator).slice(1, -1),
      );
    },
  );

  test("by a refused key, operators read all of the advice", async () => {
    const long = "x".repeat(300);
    const state = await failing(
      json(401, { error: { message: `Incorrect API key provided: ${long}` } }),
    );
    expect(formatNoAnswer(state)).toContain(`${long} (HTTP 401). ${KEYS[kind]}`);
  });

  test("nothing that members see has an address, a setting or the provider's words", async () => {
    for (const [, reply] of FAILURES) {
      const state = forPeople(await failing(reply), SLACK);
      const shown = [
        JSON.stringify(statusView(state)),
        formatNoAnswer(state),
        JSON.stringify(whyReply(state, "full")),
        JSON.stringify(render({ kind: "status", view: statusView(state) })),
        JSON.stringify(renderInDiscord(statusView(state))),
      ].join("\n");
      expect(shown).not.toMatch(
        /127\.0\.0\.1|https?:\/\/|_KEY|api_key|base_url|HTTP \d|test-model/,
      );
    }
  });
});

test("several failures are told in one sentence", () => {
  expect(formatNoAnswer(forPeople(fold(failedStory()), SLACK))).toMatch(
    /^No agent could answer: Opus \(the provider rejects the key\), Gemini \(.*\), GPT \(.*\)\. An admin/,
  );
});

test("an answer names who could not give one", () => {
  const state = forPeople(fold(turnStory()), SLACK);
  expect(finalView(state)?.footer.notes).toEqual([
    "GPT could not answer: the provider's rate limit is reached.",
  ]);
});

test("a moment is shown in each platform's own form", async () => {
  const text = "GPT could not answer: rate limit until 2026-11-30 15:20 UTC.";
  const turn = fold(failedStory()).turn;
  const seconds = UNTIL / 1000;
  const slack = JSON.stringify(render({ kind: "note", text, failed: turn }));
  expect(slack).toContain(
    `until <!date^${seconds}^{date_short_pretty} {time}|2026-11-30 15:20 UTC>.`,
  );
  const mark = { turn, kind: "note", chunk: 0 } as const;
  const [discord] = await noteBodies({ text, failed: turn }, mark);
  expect(discord).toMatchObject({
    content: `GPT could not answer: rate limit until <t:${seconds}:f>.`,
  });
  const local = new Date(UNTIL).toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short" });
  expect(localMoments(text)).toBe(`GPT could not answer: rate limit until ${local}.`);
});

test("a failed turn is told once, with a way to ask again on each platform", async () => {
  const state = forPeople(fold(failedStory()), SLACK);
  const view = statusView(state);
  expect(view.note).toBe("");
  const note = { kind: "note", text: formatNoAnswer(state), failed: state.turn } as const;
  expect(JSON.stringify(render(note))).toContain("parley_retry");
  expect(JSON.stringify(render({ kind: "status", view }))).not.toContain("parley_retry");
  const mark = { turn: state.turn, kind: "note", chunk: 0 } as const;
  expect(JSON.stringify(await noteBodies(note, mark))).toContain(":retry");
});

test("“Limit reached” is said of a move only if its time was up", () => {
  const failed = (reason: string | undefined) => {
    const events = failedStory().map((event) =>
      event.type === "move_failed" ? { ...event, failure: "timeout", reason } : event,
    );
    return formatNoAnswer(fold(TurnEvent.array().parse(events)));
  };
  expect(failed(undefined)).not.toContain("Limit reached");
  expect(failed("time_limit")).toMatch(/Limit reached: \d+ s for one move\./);
});
