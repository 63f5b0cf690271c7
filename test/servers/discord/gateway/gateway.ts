import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import type { Dispatch, World } from "../world/world.ts";
import type { Gaps } from "../gaps.ts";
import { openConnection } from "./connection.ts";
import { readIdentify, tellReady } from "./identify.ts";
import { tellMembers } from "./members-chunk.ts";
import { deliver, repeat, type Session, tell } from "./session.ts";
import { close, CLOSE, OP, type Packet, send } from "./socket.ts";

/** How long a session waits for its client, ms. */
const RESUMABLE_MS = 90_000;
/** Time in which each group of shards may identify once, ms. */
const IDENTIFY_MS = 5_000;

export interface GatewayOptions {
  readonly world: World;
  /** Shards that may identify at once. */
  readonly maxConcurrency: number;
  readonly url: () => string;
  readonly gaps: Gaps;
}

export interface Gateway {
  /** Takes over an HTTP request as a socket. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  dispatch(event: Dispatch): void;
  /** Takes a socket's end for granted before it is told: its session waits for another. */
  park(socket: WebSocket): void;
  readonly state: GatewayState;
  stop(): void;
}

/** What tests read and set. */
export interface GatewayState {
  readonly sessions: Map<string, Session>;
  readonly sockets: Set<WebSocket>;
  /** Heartbeats are answered. */
  isAnswering: boolean;
  /** Sockets are let in. */
  isOpen: boolean;
  identifies: number;
  resumes: number;
}

const Resume = z.looseObject({ token: z.string(), session_id: z.string(), seq: z.int() });

export function createGateway(options: GatewayOptions): Gateway {
  const { world } = options;
  const server = new WebSocketServer({ noServer: true });
  const state: GatewayState = {
    sessions: new Map(),
    sockets: new Set(),
    isAnswering: true,
    isOpen: true,
    identifies: 0,
    resumes: 0,
  };
  const desk = createDesk(options, state);
  const welcome = (socket: WebSocket, url: URL) => {
    state.sockets.add(socket);
    socket.on("close", () => {
      state.sockets.delete(socket);
      desk.park(socket);
    });
    if (url.searchParams.get("v") !== "10") return close(socket, CLOSE.invalidVersion);
    if (url.searchParams.get("compress")) return close(socket, CLOSE.decodeError);
    openConnection({
      socket,
      time: world.time,
      isAnswering: () => state.isAnswering,
      onViolation: (text) => void world.violations.push(`gateway: ${text}`),
      onPacket: (packet) => desk.take(socket, packet),
    });
  };
  return {
    state,
    accept(request, socket, head) {
      if (!state.isOpen) return void socket.destroy();
      const url = new URL(request.url ?? "", "http://localhost");
      server.handleUpgrade(request, socket, head, (ws) => welcome(ws, url));
    },
    dispatch(event) {
      for (const session of state.sessions.values()) deliver(world, session, event);
    },
    park: (socket) => desk.park(socket),
    stop() {
      for (const socket of state.sockets) socket.terminate();
      server.close();
    },
  };
}

interface Desk {
  take(socket: WebSocket, packet: Packet): void;
  /** The socket is gone; its session waits for another. */
  park(socket: WebSocket): void;
}

function createDesk(options: GatewayOptions, state: GatewayState): Desk {
  const { world } = options;
  const sessionAt = (socket: WebSocket) =>
    [...state.sessions.values()].find((session) => session.socket === socket);
  const identify = createIdentify(options, state);
  const resume = createResume(world, state);
  return {
    take(socket, { op, d }) {
      const session = sessionAt(socket);
      if (op === OP.identify || op === OP.resume) {
        if (session) return close(socket, CLOSE.alreadyAuthenticated);
        return op === OP.identify ? identify(socket, d) : resume(socket, d);
      }
      if (!session) return close(socket, CLOSE.notAuthenticated);
      if (op === OP.requestMembers) return tellMembers(world, session, d);
      if (op !== OP.presence && op !== OP.voiceState) close(socket, CLOSE.unknownOpcode);
    },
    park(socket) {
      const session = sessionAt(socket);
      if (!session) return;
      session.socket = null;
      session.cancelExpiry = world.time.setTimer(
        RESUMABLE_MS,
        () => void state.sessions.delete(session.id),
      );
    },
  };
}

type Take = (socket: WebSocket, data: unknown) => void;

function createIdentify(options: GatewayOptions, state: GatewayState): Take {
  const { world, maxConcurrency, url, gaps } = options;
  const lastIdentify = new Map<number, number>();
  const isTooSoon = (shard: number): boolean => {
    const group = shard % maxConcurrency;
    const since = world.time.now() - (lastIdentify.get(group) ?? -Infinity);
    if (since >= IDENTIFY_MS) lastIdentify.set(group, world.time.now());
    return since < IDENTIFY_MS;
  };
  return (socket, data) => {
    const read = readIdentify(world, data);
    if (typeof read === "number") return close(socket, read);
    if (isTooSoon(read.shard[0])) {
      world.violations.push("gateway: shards identified faster than max_concurrency allows");
      return send(socket, OP.invalidSession, false);
    }
    state.identifies++;
    const session: Session = {
      id: randomBytes(16).toString("hex"),
      intents: read.intents,
      shard: read.shard,
      socket,
      sequence: 0,
      sent: [],
      cancelExpiry: () => {},
      gaps,
    };
    state.sessions.set(session.id, session);
    tellReady(world, session, url());
  };
}

const createResume =
  (world: World, state: GatewayState): Take =>
  (socket, data) => {
    const asked = Resume.safeParse(data).data;
    const session = asked && state.sessions.get(asked.session_id);
    if (!asked || !session) return send(socket, OP.invalidSession, false);
    if (asked.token !== world.application.token) return close(socket, CLOSE.authenticationFailed);
    if (asked.seq > session.sequence) return close(socket, CLOSE.invalidSequence);
    state.resumes++;
    session.cancelExpiry();
    session.socket = socket;
    for (const sent of session.sent.filter(({ s }) => s > asked.seq)) repeat(session, sent);
    tell(session, "RESUMED", { _trace: [] });
  };
