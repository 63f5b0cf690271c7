import { createDrain } from "../../src/adapter-kit/queue/drain.ts";
import type { Adapter, AdapterContext } from "../../src/adapter-kit/adapter.ts";
import type { Clock } from "../../src/clock.ts";
import { type Platform, PlatformError, sameMark } from "../../src/platform.ts";
import { createConnection } from "./connection.ts";
import { createLinesIntake, type LinesIntake, toThreadMessage } from "./intake.ts";
import { renderOutgoing } from "./render.ts";
import type { LinesSettings } from "./settings.ts";
import { formatTag, parseTag, roomOf } from "./tag.ts";
import { WireMessage, WireMessages } from "./wire.ts";

export interface LinesOptions {
  readonly settings: LinesSettings;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  readonly commands: {
    readonly turns: Pick<AdapterContext["commands"]["turns"], "get" | "untaken">;
  };
  readonly report: (problem: unknown) => void;
}

const CAPABILITIES = { maxTextLength: 4_000, footerRoom: 400, maxParts: 8, minEditIntervalMs: 500 };
/** How long a dead connection may go unnoticed, ms. */
const UNNOTICED_MS = 60_000;
const DRAIN_MS = 5_000;

export function createLines(options: LinesOptions): Adapter {
  const { settings, clock, wallClock, commands, report } = options;
  const drain = createDrain(clock);
  const state: { intake?: LinesIntake; self: string } = { self: "" };
  const isServing = () => state.intake !== undefined && drain.isOpen();
  const run = (task: () => Promise<void>) => void drain.run(task).catch(report);
  const connection = createConnection({
    settings,
    clock,
    onEvent: (event) => run(async () => state.intake?.handle(event)),
    onBack: (downMs) => run(() => catchUpSince(downMs + UNNOTICED_MS)),
  });
  const catchUpSince = async (ms: number): Promise<void> => {
    if (settings.freshMs === 0) return;
    const since = wallClock() - Math.min(ms, settings.freshMs);
    const missed = await connection.call({ call: "news", since }, WireMessages);
    await state.intake?.catchUp(missed);
  };
  /** Also works before `start` and after `stop`, because turns are resumed before one and finish after the other. */
  const call: typeof connection.call = async (request, result) => {
    if (!connection.isUp()) state.self = await connection.open();
    return connection.call(request, result);
  };
  const messagesOf = (room: string) => call({ call: "history", room }, WireMessages);
  const platform: Platform = {
    name: "lines",
    capabilities: CAPABILITIES,
    async start(intake) {
      if (!connection.isUp()) state.self = await connection.open();
      const reply = async (room: string, text: string) =>
        void (await connection.call({ call: "post", room, text, actions: [] }, WireMessage));
      const { turns } = commands;
      state.intake = createLinesIntake({ intake, self: state.self, clock, turns, reply });
      run(() => catchUpSince(Infinity));
    },
    stop: () => drain.close(DRAIN_MS),
    isConnected: () => isServing() && connection.isUp(),
    async history(conversation, signal) {
      if (signal.aborted) throw new PlatformError("rejected", "Reading the room was cancelled.");
      const messages = await messagesOf(roomOf(conversation));
      const read = messages.map((message) => toThreadMessage(message, state.self));
      return { messages: read, complete: true };
    },
    async post(conversation, content, mark) {
      const room = roomOf(conversation);
      const message = { ...renderOutgoing(content), room, tag: formatTag(mark) };
      const { id } = await call({ call: "post", ...message }, WireMessage);
      return { conversation, id };
    },
    async edit({ conversation, id }, content) {
      await call(
        { call: "edit", room: roomOf(conversation), id, ...renderOutgoing(content) },
        WireMessage,
      );
    },
    async find(conversation, mark) {
      const messages = await messagesOf(roomOf(conversation));
      const found = messages.findLast(
        ({ author, tag }) => author.id === state.self && sameMark(parseTag(tag), mark),
      );
      return found && { conversation, id: found.id };
    },
  };
  return { platform, restore: () => connection.close() };
}
