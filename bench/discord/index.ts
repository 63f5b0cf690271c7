import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { parsePress } from "../../adapters/discord/render/buttons.ts";
import { formatConversationId } from "../../src/ids.ts";
import { createDiscord, type Discord } from "../../test/servers/discord/discord.ts";
import type { SeenMessage } from "../../test/servers/discord/people/seen.ts";
import { measureMemory } from "./measure-memory.ts";
import { type ParleyProcess, startParley } from "../parley-process.ts";
import { teamOf } from "../team-of.ts";

const GUILDS = 50;
const THREADS_PER_GUILD = 10;
/** How long it may take altogether, ms. */
const PATIENCE_MS = 600_000;
/** For a second answer to turn up that should not. */
const QUIET_MS = 5_000;

const TEAM = teamOf(["ada", "ben", "cleo"], 1);

/** A question, and the guild and channel it was put in. */
interface Asked {
  readonly message: SeenMessage;
  readonly guild: string;
}

/** 500 threads over 50 guilds at once, against a Discord that enforces its limits; throws unless each gets exactly one final answer. */
export async function runDiscordBench(): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const discord = await createDiscord();
  for (let n = 0; n < GUILDS; n++) discord.guild(`Guild ${n}`).channel();
  const watch = import.meta.resolve("./watch-process.ts");
  const env = { NODE_OPTIONS: `--import=${watch}`, BENCH_FOLDER: folder };
  const parley = await startParley({ ...discord.env(), ...env, DISCORD_FRESH_MINUTES: "0" }, TEAM);
  try {
    const memory_before_mb = parley.memory().now;
    const started = performance.now();
    const asked = ask(discord);
    await allAnswered(discord, asked);
    const seconds = (performance.now() - started) / 1000;
    await pause(QUIET_MS);
    const { now: memory_after_mb, peak: memory_peak_mb } = parley.memory();
    const heard = await measureMemory({ discord, parley, folder });
    await parley.stop();
    const loop = Loop.parse(JSON.parse(await readFile(join(folder, "loop.json"), "utf8")));
    const memory = { memory_before_mb, memory_peak_mb, memory_after_mb };
    return report(discord, parley, asked, { seconds, ...memory, ...heard, ...loop });
  } finally {
    await parley.stop();
    await discord.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const Loop = z.record(z.string(), z.number());

const ask = (discord: Discord): readonly Asked[] =>
  Array.from({ length: GUILDS * THREADS_PER_GUILD }, (_, n) => {
    const guild = discord.guild(`Guild ${n % GUILDS}`);
    const person = guild.user(`Person ${n % THREADS_PER_GUILD}`);
    const text = `@Parley Should we keep plan ${n}, or change it?`;
    return { guild: guild.id, message: person.says(guild.channel(), text) };
  });

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Parley's messages of one kind in the thread of a question, first parts only. */
function postsOf(discord: Discord, { message }: Asked, kind: string): readonly SeenMessage[] {
  const thread = discord.threadOf(message);
  const marksOf = ({ buttons }: SeenMessage) =>
    buttons.flatMap(({ customId }) => parsePress(customId ?? "")?.mark ?? []);
  const posts = thread ? discord.messagesIn(thread) : [];
  return posts.filter((post) =>
    marksOf(post)
      .slice(0, 1)
      .some((mark) => mark.kind === kind && mark.chunk === 0),
  );
}

async function allAnswered(discord: Discord, asked: readonly Asked[]): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (let missing = asked; missing.length > 0;) {
    if (performance.now() > until) throw new Error(`${missing.length} threads got no answer.`);
    await pause(500);
    missing = missing.filter((one) => postsOf(discord, one, "final").length === 0);
  }
}

const share = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
};

/** From the question to the first post of a kind in its thread, ms. */
const waitsFor = (discord: Discord, asked: readonly Asked[], kind: string): readonly number[] =>
  asked.flatMap((one) =>
    postsOf(discord, one, kind)
      .slice(0, 1)
      .map(({ at }) => at - one.message.at),
  );

/** From the decision to the answer in its thread, ms. */
const finalWaits = (
  discord: Discord,
  asked: readonly Asked[],
  { decided }: ParleyProcess,
): readonly number[] =>
  asked.flatMap((one) => {
    const { id, channelId: channel } = one.message;
    const place = { platform: "discord", space: one.guild, channel, thread: id };
    const closed = decided.get(formatConversationId(place));
    const [final] = postsOf(discord, one, "final");
    return final && closed !== undefined ? [final.at - closed] : [];
  });

function report(
  discord: Discord,
  parley: ParleyProcess,
  asked: readonly Asked[],
  measured: Readonly<Record<string, number>>,
): Record<string, number> {
  const wrong = asked.filter((one) => postsOf(discord, one, "final").length !== 1);
  const statuses = waitsFor(discord, asked, "status");
  const finals = finalWaits(discord, asked, parley);
  const figures = {
    guilds: GUILDS,
    threads: asked.length,
    status_p50_ms: share(statuses, 0.5),
    status_p99_ms: share(statuses, 0.99),
    final_p50_ms: share(finals, 0.5),
    final_p99_ms: share(finals, 0.99),
    ...measured,
    calls: discord.allCalls.length,
    limited: discord.limited().length,
    invalid_requests: discord.invalidRequests(),
  };
  print(discord, parley, figures);
  if (wrong.length > 0) throw new Error(`${wrong.length} threads have not exactly one answer.`);
  if (finals.length !== asked.length) throw new Error("A decision is missing in Parley's log.");
  if (discord.violations.length > 0) {
    throw new Error(`Discord would object: ${[...new Set(discord.violations)].join("\n")}`);
  }
  return figures;
}

function print(discord: Discord, parley: ParleyProcess, figures: Record<string, number>): void {
  for (const [name, value] of Object.entries(figures)) {
    console.log(`${name.padEnd(18)} ${value.toFixed(value < 100 ? 1 : 0).padStart(8)}`);
  }
  console.log("\nroute                                                 calls   429");
  for (const [route, calls] of Map.groupBy(discord.allCalls, (call) => call.route)) {
    const limited = calls.filter(({ status }) => status === 429).length;
    console.log(
      `${route.padEnd(52)} ${String(calls.length).padStart(6)} ${String(limited).padStart(5)}`,
    );
  }
  if (parley.warnings.length > 0) {
    console.log(`\n${parley.warnings.length} warnings; the first: ${parley.warnings[0]}`);
  }
}
