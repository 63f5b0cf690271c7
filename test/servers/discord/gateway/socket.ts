import type { WebSocket } from "ws";
import { z } from "zod";
import type { Json } from "../wire/json.ts";

/** Gateway opcodes. */
export const OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voiceState: 4,
  resume: 6,
  reconnect: 7,
  requestMembers: 8,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

/** Close codes; those that end a client for good are the last six. */
export const CLOSE = {
  unknownError: 4_000,
  unknownOpcode: 4_001,
  decodeError: 4_002,
  notAuthenticated: 4_003,
  authenticationFailed: 4_004,
  alreadyAuthenticated: 4_005,
  invalidSequence: 4_007,
  rateLimited: 4_008,
  timedOut: 4_009,
  invalidShard: 4_010,
  shardingRequired: 4_011,
  invalidVersion: 4_012,
  invalidIntents: 4_013,
  disallowedIntents: 4_014,
} as const;

const REASONS: Readonly<Record<number, string>> = {
  4_000: "Unknown error.",
  4_001: "Unknown opcode.",
  4_002: "Error while decoding payload.",
  4_003: "Not authenticated.",
  4_004: "Authentication failed.",
  4_005: "Already authenticated.",
  4_007: "Invalid seq.",
  4_008: "Rate limited.",
  4_009: "Session timed out.",
  4_010: "Invalid shard.",
  4_011: "Sharding required.",
  4_012: "Invalid API version.",
  4_013: "Invalid intent(s).",
  4_014: "Disallowed intent(s).",
};

export const Packet = z.looseObject({ op: z.int(), d: z.unknown() });
export type Packet = z.infer<typeof Packet>;

export const send = (socket: WebSocket, op: number, d: unknown, more: Json = {}): undefined => {
  if (socket.readyState === socket.OPEN) {
    socket.send(JSON.stringify({ t: null, s: null, ...more, op, d }));
  }
};

export const close = (socket: WebSocket, code: number): undefined => {
  socket.close(code, REASONS[code] ?? "");
};
