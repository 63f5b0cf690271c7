import type { WebSocket } from "ws";
import type { Guild } from "../world/guild.ts";
import { setAvailable } from "../world/guild-life.ts";
import type { World } from "../world/world.ts";
import type { Gateway } from "./gateway.ts";
import { repeat } from "./session.ts";
import { close, OP, send } from "./socket.ts";

/** What can happen to a connection, for tests to bring about. */
export interface GatewayControl {
  /** Sockets that are open now. */
  connections(): number;
  /** Successful IDENTIFYs and RESUMEs so far. */
  identifies(): number;
  resumes(): number;
  /** Cuts every socket without a word; the sessions can be resumed. */
  drops(): void;
  /** Opcode 7: asks every client to come back and resume. */
  asksToReconnect(): void;
  /** Opcode 9; not resumable sessions are gone. */
  invalidates(isResumable: boolean): void;
  /** Closes every socket with a code; the fatal ones end the session. */
  closesWith(code: number): void;
  /** Forgets the sessions of sockets that are gone, so that RESUME is refused. */
  forgets(): void;
  /** Cuts every socket and lets none in, until `comesBack`. */
  goesDown(): void;
  comesBack(): void;
  /** Stops or starts answering heartbeats. */
  answersHeartbeats(isAnswering: boolean): void;
  /** Sends the last `count` events again. */
  repeats(count: number): void;
  /** An outage of one guild, and its end. */
  losesGuild(guild: { readonly id: string }): void;
  findsGuild(guild: { readonly id: string }): void;
}

export function createGatewayControl(world: World, gateway: Gateway): GatewayControl {
  const { state } = gateway;
  const each = (act: (socket: WebSocket) => void) => [...state.sockets].forEach(act);
  const forget = (isGone: (socket: unknown) => boolean) => {
    for (const session of state.sessions.values()) {
      if (isGone(session.socket)) state.sessions.delete(session.id);
    }
  };
  const guild = ({ id }: { readonly id: string }): Guild => {
    const found = world.guilds.get(id);
    if (!found) throw new Error(`There is no guild ${id}`);
    return found;
  };
  return {
    connections: () => state.sockets.size,
    identifies: () => state.identifies,
    resumes: () => state.resumes,
    drops: () => each((socket) => socket.terminate()),
    asksToReconnect: () => each((socket) => send(socket, OP.reconnect, null)),
    invalidates(isResumable) {
      for (const session of state.sessions.values()) session.socket = null;
      if (!isResumable) forget(() => true);
      each((socket) => send(socket, OP.invalidSession, isResumable));
    },
    closesWith: (code) => each((socket) => close(socket, code)),
    forgets: () => forget((socket) => socket === null),
    goesDown() {
      state.isOpen = false;
      each((socket) => {
        gateway.park(socket);
        socket.terminate();
      });
    },
    comesBack: () => void (state.isOpen = true),
    answersHeartbeats: (isAnswering) => void (state.isAnswering = isAnswering),
    repeats(count) {
      for (const session of state.sessions.values()) {
        for (const sent of session.sent.slice(-count)) repeat(session, sent);
      }
    },
    losesGuild: (which) => setAvailable(world, guild(which), false),
    findsGuild: (which) => setAvailable(world, guild(which), true),
  };
}
