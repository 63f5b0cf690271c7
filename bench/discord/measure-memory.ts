import type { Discord } from "../../test/servers/discord/discord.ts";
import type { ParleyProcess } from "../slack/parley-process.ts";

const MESSAGES = 100_000;
const PEOPLE = 2_000;
/** So many go out before the bot is given time to read them. */
const BATCH = 2_000;

/** What hearing 100,000 messages that are not for Parley, of 2,000 people, leaves behind: resident memory, MB. */
export async function measureMemory(
  discord: Discord,
  parley: ParleyProcess,
): Promise<Readonly<Record<string, number>>> {
  const guild = discord.guild("Guild 0");
  const channel = guild.channel();
  const tell = (n: number) => {
    const author = { id: String(9_000_000 + (n % PEOPLE)), username: `talker${n % PEOPLE}` };
    const message = {
      id: discord.world.ids.next(),
      channel_id: channel.id,
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
  const heard_before_mb = parley.memory().now;
  let heard_half_mb = heard_before_mb;
  for (let sent = 0; sent < MESSAGES; sent += BATCH) {
    for (let n = sent; n < sent + BATCH; n++) tell(n);
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (sent < MESSAGES / 2) heard_half_mb = parley.memory().now;
  }
  return { heard: MESSAGES, heard_before_mb, heard_half_mb, heard_mb: parley.memory().now };
}
