import type { LiveChannel } from "../guilds.ts";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import { markOf, sentAt } from "../parse/read-message.ts";
import { conversationOf } from "../place.ts";
import { turnBegan } from "../post/find-posted.ts";
import { idAt, isAfter } from "../snowflake.ts";
import { pagesAfter } from "../threads/pages.ts";
import type { Message } from "../wire/message.ts";
import type { IntakePorts } from "./intake-ports.ts";
import type { Seen } from "./seen.ts";
import { takeMessage } from "./take-message.ts";
import { whatIsMissing } from "./tell.ts";
import { tryAgain } from "./try-again.ts";
import { placeIn } from "../threads/channels.ts";
import { isThread } from "../wire/channel.ts";

export interface BackFillPorts extends IntakePorts {
  readonly seen: Seen;
  readonly commands: { readonly turns: Pick<CommandPorts["turns"], "get"> };
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
type Missed = Pick<LiveChannel, "id" | "guild_id"> & Partial<Pick<LiveChannel, "type">>;

/**
 * Takes on what was said on a shard while it was not connected: a new session does not tell. What was taken on before is claimed, so that
 * reading too much does no harm. Channels go before threads, whose first messages stand there.
 */
export async function backFill(ports: BackFillPorts, shard: number): Promise<void> {
  const { seen, freshMs, wallClock } = ports;
  if (freshMs === 0) return;
  const heard = seen.at(shard);
  const from = Math.max(wallClock() - freshMs, (heard ?? 0) - MARGIN_MS);
  const since = idAt(from);
  const direct = seen.direct(shard);
  const channels: (Missed & { after: string })[] = [
    ...ports.guilds.live(shard).filter((channel) => mayHoldNews(ports, channel, since)),
    ...direct.map(([id]) => ({ id, guild_id: null })),
  ].map((channel) => ({ ...channel, after: since }));
  for (const some of Object.values(Object.groupBy(channels, orderOf))) {
    const work = async (): Promise<void> => {
      for (let next = some?.shift(); next; next = some?.shift()) {
        await fillChannel({ ...ports, shard }, next).catch(ports.onProblem);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }
}

/** Whole numbers are gone through from the lowest. */
const orderOf = ({ type }: Missed): 0 | 1 => (type !== undefined && isThread(type) ? 1 : 0);

const mayHoldNews = (
  ports: IntakePorts,
  { id, lastMessage }: LiveChannel,
  since: string,
): boolean =>
  lastMessage !== null &&
  isAfter(lastMessage, since) &&
  whatIsMissing(ports, id, "reading") === undefined;

async function fillChannel(
  ports: BackFillPorts & { readonly shard: number },
  { id, guild_id: guild, after }: Missed & { readonly after: string },
): Promise<void> {
  const missed: Message[] = [];
  for await (const page of pagesAfter(ports.api, { channel: id, after })) {
    missed.push(...page.map((message) => ({ ...message, guild_id: message.guild_id ?? guild })));
  }
  const answered = await answeredUntil(ports, id, missed);
  for (const message of missed.filter((one) => sentAt(one) > answered)) {
    await ports.lanes.run(id, () => tryAgain(ports.clock, () => takeMessage(ports, message)));
    ports.seen.note(message, ports.shard);
  }
}

/**
 * Up to when messages have been answered though no claim says so, ms since the epoch: where the data is lost, what stood there when the
 * turn of the last answer began counts as seen. Where the turn is known, the claims are too.
 */
async function answeredUntil(
  { identity, channels, commands, wallClock }: BackFillPorts,
  id: string,
  missed: readonly Message[],
): Promise<number> {
  const self = await identity();
  const marks = missed.flatMap((message) => (message.author.id === self && markOf(message)) || []);
  const last = marks.findLast(({ kind }) => kind === "final");
  if (!last) return -Infinity;
  const conversation = conversationOf(placeIn(await channels.get(id)));
  const isKnown = (await commands.turns.get(conversation, last.turn)) !== null;
  return isKnown ? -Infinity : turnBegan(last.turn, wallClock());
}
