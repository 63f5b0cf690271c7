import { z } from "zod";
import { OPTIONS, Refusal, request, say, type Session, send, update } from "./acp-wire.ts";

/** What was seen of real agents. The result ends the turn; null: it goes on. */
type Fault = (session: Session) => Promise<object | null>;

const goOn =
  (work: (session: Session) => unknown): Fault =>
  async (session) => {
    await work(session);
    return null;
  };
const end =
  (stopReason: string): Fault =>
  async () => ({ stopReason });
const answer =
  (text: string): Fault =>
  async ({ id }) => {
    say(id, text);
    return { stopReason: "end_turn" };
  };
const never = (): Promise<null> => new Promise(() => {});

const flood = (): Promise<void> =>
  new Promise((resolve) => process.stdout.write(`${"y".repeat(64_000)}\n`, () => resolve()));

const Answer = z.object({ outcome: z.object({ optionId: z.string().optional() }) });

/** By the name in the prompt: `@@exit`. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  exit: async () => process.exit(3),
  async "half-line"() {
    process.stdout.write('{"jsonrpc":"2.0","method":"session/up', () => process.exit(1));
    return never();
  },
  async flood() {
    for (;;) await flood();
  },
  "big-line": goOn(() => process.stdout.write(`{"a":"${"x".repeat(50_000_000)}"}\n`)),
  noise: goOn(() => process.stdout.write("Loading…\n[1,2]\n{broken\n")),
  stderr: goOn(() =>
    process.stderr.write(`${"blah ".repeat(20_000)} ${process.env["FAKE_KEY"]}\n`),
  ),
  warning: goOn(({ id }) =>
    say(id, "**Warning:** We're changing auto mode soon, see the docs.\n\n"),
  ),
  sentence: answer("exceeded retry limit, last status: 429 Too Many Requests"),
  "json-answer": answer(
    '{"error":{"message":"Your input exceeds the context window","type":"invalid_request_error","code":"context_length_exceeded"}}',
  ),
  async "session-failure"() {
    const sessionFailure = { category: "unknown", title: "unexpected status 500 from the model" };
    return { stopReason: "end_turn", _meta: { jetbrains: { air: { sessionFailure } } } };
  },
  async "lost-child"() {
    throw new Refusal(-32603, "Claude process exited unexpectedly");
  },
  pid: goOn(({ id }) => say(id, `process ${process.pid} `)),
  deaf: never,
  cancels: end("cancelled"),
  turns: end("max_turn_requests"),
  unknown: goOn(async ({ id }) => {
    update(id, { sessionUpdate: "brand_new_thing", content: [1, 2] });
    say("session-of-nobody", "not for you");
    send({ method: "brand/new", params: {} });
    await request("fs/read_text_file", { sessionId: id, path: "/etc/passwd" });
  }),
  async shell({ id }) {
    const toolCall = { toolCallId: "x", title: "parley vote", kind: "execute" };
    const allowed = await request("session/request_permission", {
      sessionId: id,
      toolCall,
      options: OPTIONS,
    });
    say(id, `shell: ${Answer.parse(allowed).outcome.optionId}`);
    return { stopReason: "end_turn" };
  },
};
