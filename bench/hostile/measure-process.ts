import { Worker } from "node:worker_threads";
import { z } from "zod";
import {
  createEventFilter,
  createThoughtHabit,
} from "../../src/backends/reply-text/filter-events.ts";
import { isFields } from "../../test/servers/slack/state/fields.ts";
import type { Message } from "../../test/servers/slack/state/message.ts";
import { createSlack, type Slack } from "../../test/servers/slack/slack.ts";
import { freePort } from "../../test/support/free-port.ts";
import { HOSTILE } from "../../test/support/hostile-text.ts";
import { type ParleyProcess, startParley } from "../parley-process.ts";
import { createHostileModel } from "./model-server.ts";

/** Characters of a hostile answer. */
const LENGTH = 12_000;
/** How many are asked for at once. */
const AT_ONCE = 3;
const PATIENCE_MS = 60_000;

/** Answers that once kept the process busy for minutes, and a long harmless one. */
const REPORTED: Readonly<Record<string, string>> = {
  "12,000 quotes": ">".repeat(12_000),
  "5,000 ordered lists": "1. ".repeat(5_000),
  "140 nested items": Array.from(
    { length: 140 },
    (_, depth) => `${"  ".repeat(depth)}- item ${depth}`,
  ).join("\n"),
  "a megabyte of prose": "Plain words in a long answer. ".repeat(33_000),
};

const teamOf = (url: string): string => `
name: Hostile
settle: 0
agents:
  - { id: solo, backend: { type: compatible, model: m, base_url: "${url}", price: { input: 0, output: 0 } } }
`;

/** What the health check of a real process waited while a Slack thread was sent each hostile answer. */
export async function measureProcess() {
  const hostile = Object.entries(HOSTILE).map(([name, make]) => [name, make(LENGTH)] as const);
  const answers = [...Object.entries(REPORTED), ...hostile];
  const model = await createHostileModel(answers.map(([, text]) => text));
  const slack = await createSlack();
  slack.workspace.addUser("U100", { displayName: "Ada" });
  const port = String(await freePort());
  const env = { ...slack.env("socket"), PORT: port, SLACK_FRESH_MINUTES: "0" };
  const parley = await startParley(env, teamOf(model.url));
  const pinger = new Worker(new URL("pinger.ts", import.meta.url), {
    workerData: `http://127.0.0.1:${port}/healthz`,
  });
  try {
    const unanswered = await askAll(slack, answers);
    const waits = await waitsOf(pinger);
    return { answers: answers.length, unanswered, crashed: parley.hasExited(), waits };
  } finally {
    await pinger.terminate();
    await stopAll(parley, slack, model);
  }
}

async function stopAll(
  parley: ParleyProcess,
  slack: Slack,
  model: { stop(): Promise<void> },
): Promise<void> {
  await parley.stop();
  await slack.stop();
  await model.stop();
}

/** Asks for each text; the names of those that were not posted. */
async function askAll(
  slack: Slack,
  answers: readonly (readonly [name: string, text: string])[],
): Promise<readonly string[]> {
  const left = [...answers.entries()];
  const unanswered: string[] = [];
  const askOn = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [at, [name, answer]] = next;
      // A channel takes one message a second.
      const channel = `C${1000 + at}`;
      slack.workspace.addChannel(channel);
      const text = `<@${slack.workspace.bot()}> What is hostile-${at}?`;
      const asked = slack.workspace.user("U100").says(channel, text);
      const kinds = isEmpty(answer) ? ["final", "note"] : ["final"];
      if (!(await isPosted(slack, asked, kinds))) unanswered.push(name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askOn));
  return unanswered;
}

/** Blank, or nothing but thoughts and calls: Parley posts a note that says so. */
function isEmpty(answer: string): boolean {
  const filter = createEventFilter(createThoughtHabit(false));
  const events = [
    ...filter.take({ type: "text", text: answer }),
    ...filter.take({ type: "done", finish: "stop", usage: null }),
  ];
  return events.every((event) => event.type !== "text" || event.text.trim() === "");
}

async function isPosted(
  { workspace }: Slack,
  { channel, ts }: Message,
  kinds: readonly string[],
): Promise<boolean> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    if (workspace.thread(channel, ts).some((message) => kinds.includes(kindOf(message))))
      return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function kindOf({ metadata }: Pick<Message, "metadata">): string {
  const mark = metadata?.["event_payload"];
  return isFields(mark) ? String(mark["kind"]) : "";
}

async function waitsOf(pinger: Worker): Promise<readonly number[]> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  pinger.once("message", resolve);
  pinger.once("error", reject);
  pinger.postMessage("over");
  return z.array(z.number()).parse(await promise);
}
