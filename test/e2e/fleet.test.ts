import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { createDiscord } from "../servers/discord/discord.ts";
import { createPostgresDatabase } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startParley } from "./parley-process.ts";
import { PATIENCE } from "../support/patience.ts";

const server = await createPostgresDatabase();

const teamOf = (agent: string) => `
settle: 0
agents:
  - { id: ${agent}, backend: { type: simulated, model: simulated, style: careful, options: { pace: 0 } } }
`;

/** A Discord, an empty database, and identical bots on both. */
async function openFleet({ url }: { readonly url: string }) {
  const discord = await createDiscord();
  onTestFinished(() => discord.stop());
  const guild = discord.guild();
  const home = await temporaryFolder();
  await mkdir(join(home, "teams"));
  await writeFile(join(home, "teams", "quick.yaml"), teamOf("ada"));
  const env = {
    ...discord.env(),
    DATABASE_URL: url,
    PARLEY_DATA: join(home, "data"),
    PARLEY_PROCESSES: "2",
    PORT: "0",
    USER: "ada",
  };
  const start = async (setting: Readonly<Record<string, string>>) => {
    const parley = startParley({ args: ["start"], env: { ...env, ...setting } });
    await parley.until(() => expect(parley.errors()).toContain('"msg":"serving"'));
    return parley;
  };
  const say = (text: string) => guild.user("Ada").says(guild.channel(), `@Parley ${text}`);
  const finals = (message: ReturnType<typeof say>) => {
    const thread = discord.threadOf(message);
    const posts = thread ? discord.messagesIn(thread) : [];
    return posts.filter(({ buttons }) => buttons.some(({ label }) => label === "Why"));
  };
  const answered = (message: ReturnType<typeof say>) =>
    vi.waitFor(() => expect(finals(message)).toHaveLength(1), PATIENCE);
  return { discord, home, env, start, say, finals, answered };
}

/** Who holds a lock, as the database tells: the key is Parley's own (`src/store/session-locks.ts`). */
async function watchLock(url: string, name: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  const key = createHash("sha256").update(`parley ${name}`).digest().readBigInt64BE();
  const sql =
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = $1 AND objid = $2";
  const halves = [BigInt.asUintN(32, key >> 32n), BigInt.asUintN(32, key)].map(String);
  return async () =>
    z.array(z.object({ pid: z.number() })).parse((await client.query(sql, halves)).rows)[0]?.pid;
}

test.skipIf(server === null)(
  "a shard of a process that is killed belongs to another at once, and what was said is answered once",
  async () => {
    if (!server) return;
    const { discord, home, start, say, finals, answered } = await openFleet(server);
    const quick = { PARLEY_CONFIGS: join(home, "teams"), PARLEY_TEAM: "quick" };
    const first = await start(quick);
    const second = await start(quick);
    const holder = await watchLock(server.url, "discord:shard:0/1");
    const before = await holder();
    expect(discord.gateway.connections()).toBe(1);
    await answered(say("What is 2 + 2?"));

    first.kill("SIGKILL");
    const missed = say("What is 3 + 3?");
    await vi.waitFor(async () => {
      const now = await holder();
      expect(now !== undefined && now !== before).toBe(true);
    }, PATIENCE);

    await answered(missed);
    await answered(say("What is 4 + 4?"));
    expect(finals(missed)).toHaveLength(1);
    expect(discord.gateway.connections()).toBe(1);
    second.kill("SIGTERM");
    expect(await second.exited).toBe(0);
  },
);

test.skipIf(server === null)(
  "all processes use team files that are pushed, without a restart",
  async () => {
    if (!server) return;
    const { home, env, start, say, answered } = await openFleet(server);
    const processes = [await start({}), await start({})];
    await mkdir(join(home, "mine"));
    await writeFile(join(home, "mine", "default.yaml"), teamOf("cleo"));
    const push = startParley({ args: ["teams", "push", join(home, "mine")], env });
    expect(await push.exited).toBe(0);
    expect(push.output()).toBe("default: pushed, version 1\n");
    const reloaded = '"msg":"team files reloaded"';
    for (const each of processes) await each.until(() => expect(each.errors()).toContain(reloaded));
    await answered(say("What is 2 + 2?"));
  },
);
