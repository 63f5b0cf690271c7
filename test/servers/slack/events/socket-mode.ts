import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { z } from "zod";
import type { Clock } from "../../../../src/clock.ts";
import { notAcked, type Parcel, type Receipt, type Transport, type Try } from "./transport.ts";

export interface SocketModeOptions {
  readonly clock: Clock;
  readonly appId: string;
  readonly ackMs: number;
  /** Between the warning and the end of a connection, ms. */
  readonly refreshMs: number;
  readonly nextId: (prefix: string) => string;
  readonly reject: (what: string) => void;
}

/** Slack's side of Socket Mode. */
export interface SocketMode extends Transport {
  /** A ticket for one connection: the URL's path and query; undefined: there are ten connections already. */
  ticket(): string | undefined;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Connections that have had their hello. */
  connections(): number;
  /** Slack recycles a container: a warning, then the end. All connections unless a number is given. */
  refresh(count?: number): void;
  /** Connections break without a word. */
  drop(count?: number): void;
  /** Connections stay, but nothing is read or answered any more. */
  freeze(): void;
  /** A frame that no protocol knows. */
  babble(frame: string): void;
  close(): void;
}

interface Pending {
  readonly socket: WebSocket;
  readonly settle: (receipt: Receipt) => void;
}

const MOST_CONNECTIONS = 10;
const PING_MS = 10_000;

const Ack = z.object({ envelope_id: z.string(), payload: z.unknown() });

export function createSocketMode(options: SocketModeOptions): SocketMode {
  const { clock, nextId, reject } = options;
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const sockets: WebSocket[] = [];
  const openers: (() => void)[] = [];
  const pending = new Map<string, Pending>();
  const done = new Set<string>();

  const onClose = (socket: WebSocket): void => {
    const at = sockets.indexOf(socket);
    if (at >= 0) sockets.splice(at, 1);
    for (const [id, entry] of pending) {
      if (entry.socket !== socket) continue;
      pending.delete(id);
      entry.settle(notAcked("connection_failed"));
    }
  };

  const onFrame = (data: unknown): void => {
    const { data: ack } = Ack.safeParse(parse(String(data)));
    if (!ack) return reject(`Socket Mode: a frame that is no ack: ${String(data).slice(0, 200)}`);
    const entry = pending.get(ack.envelope_id);
    if (!entry) {
      if (!done.has(ack.envelope_id)) reject(`Socket Mode: ack of an unknown envelope`);
      return;
    }
    pending.delete(ack.envelope_id);
    entry.settle({ isAcked: true, body: ack.payload });
  };

  const greet = (socket: WebSocket): void => {
    sockets.push(socket);
    socket.on("message", onFrame);
    socket.on("error", () => socket.terminate());
    keepAlive(clock, socket, () => onClose(socket));
    socket.send(JSON.stringify(helloOf(options.appId, sockets.length)));
    for (const open of openers) open();
  };

  const some = (count = sockets.length): readonly WebSocket[] => sockets.slice(0, count);

  return {
    ticket() {
      if (sockets.length >= MOST_CONNECTIONS) return undefined;
      const ticket = nextId("ticket");
      tickets.add(ticket);
      return `/link/?ticket=${ticket}&app_id=${options.appId}`;
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? "", "ws://localhost").searchParams.get("ticket");
      if (!tickets.delete(ticket ?? "")) {
        reject("Socket Mode: a connection without a fresh ticket of apps.connections.open");
        return void socket.destroy();
      }
      server.handleUpgrade(request, socket, head, greet);
    },
    connections: () => sockets.length,
    refresh(count) {
      for (const socket of some(count)) endSoon(options, socket);
    },
    drop(count) {
      for (const socket of some(count)) socket.terminate();
    },
    freeze() {
      for (const socket of sockets) socket.pause();
    },
    babble(frame) {
      for (const socket of sockets) socket.send(frame);
    },
    send(parcel, attempt) {
      const socket = sockets.shift();
      if (!socket) return Promise.resolve(notAcked("connection_failed"));
      // Any of them may get the next one: they take turns.
      sockets.push(socket);
      const id = nextId("envelope");
      return new Promise((resolve) => {
        const cancel = clock.setTimer(options.ackMs, () => {
          done.add(id);
          pending.delete(id);
          resolve(notAcked("timeout"));
        });
        const settle = (receipt: Receipt) => {
          cancel();
          done.add(id);
          resolve(receipt);
        };
        pending.set(id, { socket, settle });
        socket.send(JSON.stringify(frameOf(id, parcel, attempt)));
      });
    },
    onOpen: (fn) => void openers.push(fn),
    isOpen: () => sockets.length > 0,
    close() {
      for (const socket of sockets) socket.terminate();
      server.close();
    },
  };
}

const frameOf = (id: string, { kind, payload }: Parcel, { retry, reason }: Try) => ({
  envelope_id: id,
  payload,
  type: kind,
  accepts_response_payload: kind !== "events_api",
  ...(kind === "events_api" && { retry_attempt: retry, retry_reason: reason ?? "" }),
});

const helloOf = (appId: string, connections: number) => ({
  type: "hello",
  num_connections: connections,
  debug_info: { host: "applink-local", build_number: 1, approximate_connection_time: 18_060 },
  connection_info: { app_id: appId },
});

function endSoon({ clock, refreshMs }: SocketModeOptions, socket: WebSocket): void {
  const debug_info = { host: "applink-local" };
  socket.send(JSON.stringify({ type: "disconnect", reason: "warning", debug_info }));
  clock.setTimer(refreshMs, () => {
    socket.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested", debug_info }));
    clock.setTimer(refreshMs, () => socket.close(1000));
  });
}

function keepAlive(clock: Clock, socket: WebSocket, onClose: () => void): void {
  const state = { cancel: () => {} };
  const ping = () => {
    socket.ping();
    state.cancel = clock.setTimer(PING_MS, ping);
  };
  ping();
  socket.on("close", () => {
    state.cancel();
    onClose();
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
