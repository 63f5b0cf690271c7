import { formatConversationId } from "../../src/ids.ts";
import { isFields } from "../../test/servers/slack/state/fields.ts";
import type { Message } from "../../test/servers/slack/state/message.ts";
import { createSlack, type Slack } from "../../test/servers/slack/slack.ts";
import { type ParleyProcess, startParley } from "../parley-process.ts";
import { teamOf } from "../team-of.ts";

const THREADS = 200;
const CHANNELS = 20;
const PEOPLE = 50;
/** How long it may take altogether, ms. */
const PATIENCE_MS = 600_000;
/** For a second answer to turn up that should not. */
const QUIET_MS = 10_000;

const TEAM = teamOf(["ada", "ben", "cleo"], 3);

/** 200 threads of one workspace at once, against a Slack that enforces its limits; throws unless each gets exactly one final answer. */
export async function runSlackBench(): Promise<Record<string, number>> {
  const slack = await createSlack();
  const people = furnish(slack);
  const parley = await startParley({ ...slack.env("socket"), SLACK_FRESH_MINUTES: "0" }, TEAM);
  try {
    const before = parley.memory().now;
    const started = performance.now();
    const asked = Array.from({ length: THREADS }, (_, n) => {
      const text = `<@${slack.workspace.bot()}> Should we keep plan ${n}, or change it?`;
      const person = slack.workspace.user(people[n % PEOPLE] ?? "U1");
      return person.says(`C${100 + (n % CHANNELS)}`, text);
    });
    await allAnswered(slack, asked);
    const seconds = (performance.now() - started) / 1000;
    await pause(QUIET_MS);
    const { now: after, peak } = parley.memory();
    const traffic = trafficOf(slack);
    const leaving = performance.now();
    await parley.stop();
    return report(slack, parley, asked, {
      seconds,
      leaving_seconds: (performance.now() - leaving) / 1000,
      memory_before_mb: before,
      memory_peak_mb: peak,
      memory_after_mb: after,
      ...traffic,
    });
  } finally {
    await parley.stop();
    await slack.stop();
  }
}

function furnish({ workspace }: Slack): readonly string[] {
  const people = Array.from({ length: PEOPLE }, (_, n) => `U${100 + n}`);
  for (const [n, id] of people.entries()) workspace.addUser(id, { displayName: `Person ${n}` });
  for (let n = 0; n < CHANNELS; n++) workspace.addChannel(`C${100 + n}`);
  return people;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const markOf = ({ metadata }: Pick<Message, "metadata">) =>
  isFields(metadata?.["event_payload"]) ? metadata["event_payload"] : undefined;

/** Parley's messages of one kind in a thread, first parts only. */
const postsOf = ({ workspace }: Slack, { channel, ts }: Message, kind: string) =>
  workspace
    .thread(channel, ts)
    .filter((message) => markOf(message)?.["kind"] === kind && markOf(message)?.["chunk"] === 0);

async function allAnswered(slack: Slack, asked: readonly Message[]): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (let missing = asked; missing.length > 0;) {
    if (performance.now() > until) throw new Error(`${missing.length} threads got no answer.`);
    await pause(500);
    missing = missing.filter((message) => postsOf(slack, message, "final").length === 0);
  }
}

const at = (ts: string) => Number(ts) * 1000;

const share = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
};

/** From the message to the status in its thread, ms. */
const statusWaits = (slack: Slack, asked: readonly Message[]) =>
  asked.flatMap((message) =>
    postsOf(slack, message, "status")
      .slice(0, 1)
      .map(({ ts }) => at(ts) - at(message.ts)),
  );

/** From the decision to the answer in its thread, ms. */
const finalWaits = (slack: Slack, asked: readonly Message[], { decided }: ParleyProcess) =>
  asked.flatMap((message) => {
    const { channel, ts: thread } = message;
    const place = { platform: "slack", space: slack.workspace.id, channel, thread };
    const closed = decided.get(formatConversationId(place));
    const [final] = postsOf(slack, message, "final");
    return final && closed !== undefined ? [at(final.ts) - closed] : [];
  });

const trafficOf = (slack: Slack) => ({
  calls: slack.allCalls.length,
  limited: slack.limited().length,
  events: slack.deliveries.all.length,
  /** Not acknowledged in time. */
  redelivered: slack.deliveries.all.filter(({ attempts }) => attempts.length > 1).length,
});

/** Threads where Slack still shows that the app is at work. */
const signsLeft = ({ workspace }: Slack): number =>
  [...workspace.state.channels.values()].reduce((sum, { native }) => sum + native.size, 0);

function report(
  slack: Slack,
  parley: ParleyProcess,
  asked: readonly Message[],
  measured: Readonly<Record<string, number>>,
): Record<string, number> {
  const wrong = asked.filter((message) => postsOf(slack, message, "final").length !== 1);
  const statuses = statusWaits(slack, asked);
  const finals = finalWaits(slack, asked, parley);
  const figures = {
    threads: asked.length,
    /** The others had no room for one before their answer stood. */
    with_status: statuses.length,
    status_p50_ms: share(statuses, 0.5),
    status_p99_ms: share(statuses, 0.99),
    final_p50_ms: share(finals, 0.5),
    final_p99_ms: share(finals, 0.99),
    ...measured,
    signs_left: signsLeft(slack),
  };
  print(slack, parley, figures);
  if (wrong.length > 0) throw new Error(`${wrong.length} threads have not exactly one answer.`);
  if (finals.length !== asked.length) throw new Error("A decision is missing in Parley's log.");
  if (slack.rejected.length > 0) throw new Error(`Slack rejected: ${slack.rejected.join("\n")}`);
  return figures;
}

function print(slack: Slack, parley: ParleyProcess, figures: Record<string, number>): void {
  for (const [name, value] of Object.entries(figures)) {
    console.log(`${name.padEnd(18)} ${value.toFixed(value < 100 ? 1 : 0).padStart(8)}`);
  }
  const methods = Map.groupBy(slack.allCalls, ({ method }) => method);
  console.log("\nmethod                          calls   429");
  for (const [method, calls] of methods) {
    const limited = calls.filter(({ status }) => status === 429).length;
    console.log(
      `${method.padEnd(30)} ${String(calls.length).padStart(6)} ${String(limited).padStart(5)}`,
    );
  }
  if (parley.warnings.length > 0) {
    console.log(`\n${parley.warnings.length} warnings; the first: ${parley.warnings[0]}`);
  }
}
