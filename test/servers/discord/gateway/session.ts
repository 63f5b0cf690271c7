import type { WebSocket } from "ws";
import { type Gaps, written } from "../gaps.ts";
import { INTENT } from "../world/intents.ts";
import { canSee } from "../world/look-up.ts";
import type { Dispatch, World } from "../world/world.ts";
import { OP, send } from "./socket.ts";

interface Sent {
  readonly s: number;
  readonly t: string;
  readonly d: unknown;
}

/** What one shard is told; it outlives its socket for a while, so that the client may resume. */
export interface Session {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [index: number, count: number];
  socket: WebSocket | null;
  sequence: number;
  /** The latest events, for RESUME and repetition. */
  readonly sent: Sent[];
  cancelExpiry: () => void;
  readonly gaps: Gaps;
}

/** Events that a session keeps. */
const KEPT = 5_000;

export const shardOf = (guildId: string | null, count: number): number =>
  guildId === null ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));

/** Guild 0's events and private ones go to the shard that they belong to, and interactions too. */
const isOnShard = (session: Session, event: Dispatch): boolean => {
  const [index, count] = session.shard;
  return shardOf(event.guildId, count) === index;
};

function isFor(world: World, session: Session, event: Dispatch): boolean {
  const isWanted = event.intent === null || (session.intents & event.intent) !== 0;
  if (!isWanted || !isOnShard(session, event)) return false;
  const guild = world.guilds.get(event.guildId ?? "");
  const isOut = guild?.available === false && event.name !== "GUILD_DELETE";
  return !isOut && (!event.channel || canSee(world, event.channel, world.application.user.id));
}

/** Sends an event to a session that is to have it, and keeps it while the session's socket is gone. */
export function deliver(world: World, session: Session, event: Dispatch): void {
  if (!isFor(world, session, event)) return;
  tell(session, event.name, event.data(session.intents));
}

export function tell(session: Session, t: string, d: unknown): void {
  if (session.gaps.silentOn.includes(t)) return;
  session.sequence++;
  const sent = { s: session.sequence, t, d: JSON.parse(written(session.gaps, d)) };
  session.sent.push(sent);
  if (session.sent.length > KEPT) session.sent.shift();
  repeat(session, sent);
}

/** Sends an event once more, under its number. */
export function repeat(session: Session, { s, t, d }: Sent): void {
  if (session.socket) send(session.socket, OP.dispatch, d, { s, t });
}

export const hasMembers = ({ intents }: Session): boolean => (intents & INTENT.guildMembers) !== 0;
