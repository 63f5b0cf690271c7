import type { WebSocket } from "ws";
import type { Time } from "../world/time.ts";
import { close, CLOSE, OP, Packet, send } from "./socket.ts";

/** Time between a client's heartbeats, ms. */
export const HEARTBEAT_MS = 41_250;
/** Sends of a client per minute. */
const SENDS = { limit: 120, perMs: 60_000 };
const LARGEST_PAYLOAD = 4_096;

export interface ConnectionOptions {
  readonly socket: WebSocket;
  readonly time: Time;
  /** False: heartbeats go unanswered, as when the other end has died. */
  readonly isAnswering: () => boolean;
  readonly onPacket: (packet: Packet) => void;
  /** Something that a client should not have done. */
  readonly onViolation: (text: string) => void;
}

function read(text: string): Packet | undefined {
  try {
    return Packet.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Greets a socket, answers its heartbeats, and closes it when it talks too much, too long, or not at all. */
export function openConnection(options: ConnectionOptions): void {
  const { socket, time } = options;
  const sends: number[] = [];
  let cancelDeath = () => {};
  const expectHeartbeat = () => {
    cancelDeath();
    cancelDeath = time.setSteadyTimer(HEARTBEAT_MS * 1.5, () => {
      options.onViolation("no heartbeat came in time");
      close(socket, CLOSE.timedOut);
    });
  };
  const isTooMany = () => {
    const now = time.now();
    while ((sends[0] ?? Infinity) <= now - SENDS.perMs) sends.shift();
    return sends.push(now) > SENDS.limit;
  };
  const take = (text: string) => {
    const packet = text.length > LARGEST_PAYLOAD ? undefined : read(text);
    if (!packet) return close(socket, CLOSE.decodeError);
    if (isTooMany()) {
      options.onViolation("more than 120 gateway sends in a minute");
      return close(socket, CLOSE.rateLimited);
    }
    if (packet.op !== OP.heartbeat) return options.onPacket(packet);
    expectHeartbeat();
    if (options.isAnswering()) send(socket, OP.heartbeatAck, null);
  };
  socket.on("message", (data: Buffer) => take(data.toString()));
  socket.on("close", () => cancelDeath());
  socket.on("error", () => {});
  expectHeartbeat();
  send(socket, OP.hello, { heartbeat_interval: time.forClient(HEARTBEAT_MS), _trace: [] });
}
