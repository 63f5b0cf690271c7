import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Discord } from "../../test/servers/discord/discord.ts";
import type { ParleyProcess } from "../parley-process.ts";

const MESSAGES = 100_000;
/** After so many thousand messages it is looked how much memory is in use. */
const LOOKS = [0, 20, 60, 100];
const PEOPLE = 2_000;
const CHANNELS = 50;
/** So many go out before the bot is given time to read them. */
const BATCH = 2_000;

export interface Measuring {
  readonly discord: Discord;
  readonly parley: ParleyProcess;
  /** Where Parley writes its figures. */
  readonly folder: string;
}

/** What hearing 100,000 messages that are not for Parley, of 2,000 people, leaves behind, once garbage is collected: MB. */
export async function measureMemory(measuring: Measuring): Promise<Record<string, number>> {
  const tell = talkersIn(measuring.discord);
  const figures: Record<string, number> = { heard: MESSAGES };
  for (let sent = 0; sent <= MESSAGES; sent += BATCH) {
    if (LOOKS.includes(sent / 1_000)) {
      const { heap, resident } = await inUse(measuring);
      figures[`heap_${sent / 1_000}k_mb`] = heap;
      figures[`resident_${sent / 1_000}k_mb`] = resident;
    }
    for (let n = sent; n < sent + BATCH && sent < MESSAGES; n++) tell(n);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return figures;
}

function talkersIn(discord: Discord): (n: number) => void {
  const guild = discord.guild("Guild 0");
  const channels = Array.from({ length: CHANNELS }, (_, n) => guild.channel(`talk-${n}`));
  return (n) => {
    const author = { id: String(9_000_000 + (n % PEOPLE)), username: `talker${n % PEOPLE}` };
    const message = {
      id: discord.world.ids.next(),
      channel_id: channels[n % CHANNELS]?.id,
      guild_id: guild.id,
      author,
      member: { roles: [] },
      type: 0,
      timestamp: new Date(discord.world.time.now()).toISOString(),
      content: `Message ${n}: ${"so it goes ".repeat(20)}`,
    };
    const event = { name: "MESSAGE_CREATE", guildId: guild.id, intent: null };
    discord.world.dispatch({ ...event, data: () => message });
  };
}

const InUse = z.object({ heap: z.number(), resident: z.number() });

async function inUse({ parley, folder }: Measuring): Promise<z.infer<typeof InUse>> {
  const file = join(folder, "memory.json");
  await rm(file, { force: true });
  // It hears of this once it has read all that was sent before.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  parley.kill("SIGUSR2");
  for (;;) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text !== "") return InUse.parse(JSON.parse(text));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
