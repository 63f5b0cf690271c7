import { Worker } from "node:worker_threads";
import { z } from "zod";
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
const PATIENCE_MS = 20_000;

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
      const [at, [name]] = next;
      // A channel takes one message a second.
      const channel = `C${1000 + at}`;
      slack.workspace.addChannel(channel);
      const text = `<@${slack.workspace.bot()}> What is hostile-${at}?`;
      const asked = slack.workspace.user("U100").says(channel, text);
      if (!(await isAnswered(slack, asked))) unanswered.push(name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askOn));
  return unanswered;
}

async function isAnswered({ workspace }: Slack, { channel, ts }: Message): Promise<boolean> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    if (workspace.thread(channel, ts).some(isFinal)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

const isFinal = ({ metadata }: Pick<Message, "metadata">): boolean => {
  const mark = metadata?.["event_payload"];
  return isFields(mark) && mark["kind"] === "final";
};

async function waitsOf(pinger: Worker): Promise<readonly number[]> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  pinger.once("message", resolve);
  pinger.once("error", reject);
  pinger.postMessage("over");
  return z.array(z.number()).parse(await promise);
}
