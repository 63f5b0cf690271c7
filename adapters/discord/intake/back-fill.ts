import type { LiveChannel } from "../guilds.ts";
import { markOf } from "../parse/read-message.ts";
import { idAt, isAfter } from "../snowflake.ts";
import { pagesAfter } from "../threads/pages.ts";
import type { Message } from "../wire/message.ts";
import type { IntakePorts } from "./intake-ports.ts";
import type { Seen } from "./seen.ts";
import { takeMessage } from "./take-message.ts";
import { tryAgain } from "./try-again.ts";
import { whatIsMissing } from "./tell.ts";

export interface BackFillPorts extends IntakePorts {
  readonly seen: Seen;
  /** How old a message may be that is still answered, ms. */
  readonly freshMs: number;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

/** Channels that are read at once. */
const AT_ONCE = 4;
/** The last message heard may have overtaken others. */
const MARGIN_MS = 60_000;
/** Discord keeps the guild of a message out of what it is asked for. */
type Missed = Pick<LiveChannel, "id" | "guild_id">;

/**
 * Takes on what was said on a shard while it was not connected: a new session does not tell. What was taken on before is claimed, so that
 * reading too much does no harm. Where nothing is known of what was seen, what stands before Parley's own last message counts as seen.
 */
export async function backFill(ports: BackFillPorts, shard: number): Promise<void> {
  const { seen, freshMs, wallClock } = ports;
  if (freshMs === 0) return;
  const heard = seen.at();
  const from = Math.max(wallClock() - freshMs, (heard ?? 0) - MARGIN_MS);
  const since = idAt(from);
  const direct = shard === 0 ? seen.direct() : [];
  const channels: (Missed & { after: string })[] = [
    ...ports.guilds.live(shard).filter((channel) => mayHoldNews(ports, channel, since)),
    ...direct.map(([id]) => ({ id, guild_id: null })),
  ].map((channel) => ({ ...channel, after: since }));
  const work = async (): Promise<void> => {
    for (let next = channels.shift(); next; next = channels.shift()) {
      await fillChannel(ports, next, heard === undefined).catch(ports.onProblem);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

const mayHoldNews = (
  ports: IntakePorts,
  { id, lastMessage }: LiveChannel,
  since: string,
): boolean =>
  lastMessage !== null &&
  isAfter(lastMessage, since) &&
  whatIsMissing(ports, id, "reading") === undefined;

async function fillChannel(
  ports: BackFillPorts,
  { id, guild_id: guild, after }: Missed & { readonly after: string },
  skipAnswered: boolean,
): Promise<void> {
  const missed: Message[] = [];
  for await (const page of pagesAfter(ports.api, { channel: id, after })) {
    missed.push(...page.map((message) => ({ ...message, guild_id: message.guild_id ?? guild })));
  }
  const self = await ports.identity();
  const answered = missed.findLastIndex(
    (message) => message.author.id === self && markOf(message)?.kind === "final",
  );
  for (const message of skipAnswered ? missed.slice(answered + 1) : missed) {
    await ports.lanes.run(id, () => tryAgain(ports.clock, () => takeMessage(ports, message)));
    ports.seen.note(message);
  }
}
