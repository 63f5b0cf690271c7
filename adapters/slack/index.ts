import { spellOnSlack } from "./spell.ts";
import { createKeyedQueue } from "../../src/adapter-kit/queue/keyed-queue.ts";
import type {
  AdapterState,
  InstallRecords,
  KeyValuesByName,
  TakeLock,
} from "../../src/adapter-storage.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { HttpRoute } from "../../src/http/http-server.ts";
import type { ConversationId } from "../../src/ids.ts";
import type { Platform } from "../../src/platform.ts";
import { withTimeout } from "../../src/timers.ts";
import { readSlackSettings } from "./env.ts";
import { createBackfill } from "./intake/backfill.ts";
import { takeEvent } from "./intake/take-event.ts";
import { createParts, type SharedCommands, type SlackParts } from "./parts.ts";
import { createPostLimits } from "./post/post-limits.ts";
import { createPosts } from "./post/posts.ts";
import { createConnection } from "./receivers/connection.ts";
import { readHistory } from "./threads/history.ts";
import { createSetStatus } from "./typing-status/set-status.ts";
import {
  createTypingStatus,
  openMarkedThreads,
  type RunningTurns,
  trackRunningTurns,
  type TypingStatus,
} from "./typing-status/typing-status.ts";

export interface SlackOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly state: AdapterState;
  readonly commands: SharedCommands;
  /** Where the app is installed, for many workspaces. */
  readonly installs: InstallRecords;
  /** Caches that outlive the process: names, installations in progress. */
  readonly kept: KeyValuesByName;
  /** Locks that all processes share, so that one at a time refreshes a token. Absent: there is no other process. */
  readonly lock?: TakeLock;
  /** Ends the process: Slack will send nothing any more. */
  readonly exit: (code: number) => void;
  /** Reports a problem that the adapter recovered from, or the reason why it exits. It holds no secrets. */
  readonly onProblem: (problem: unknown) => void;
  /** False when other processes serve the same app, so that none receives all events of a thread. Default: true. */
  readonly isAlone?: boolean;
  /** How many processes share Slack's limits. Default: 1. */
  readonly processes?: number;
  readonly clock?: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock?: () => number;
}

/** Slack as a platform, and its hooks for the events of turns. */
export interface Slack extends Pick<RunningTurns, "turnEvent" | "turnDone"> {
  readonly platform: Platform;
  /** The HTTP requests it answers; undefined: none. */
  readonly http: HttpRoute | undefined;
  /** Clears the typing status of all threads, at the very end. */
  readonly restore: () => Promise<void>;
}

/** How long a lost connection may go unnoticed, plus what clocks may differ by, ms. */
const UNNOTICED_MS = 60_000;

/** How long clearing the typing status may take at the end, ms; the next start clears the rest. */
const CLEAR_TYPING_MS = 2_000;

/** A message may hold 12,000 characters of markdown blocks, some of which the footer and the blocks around it need. */
const CAPABILITIES = {
  maxTextLength: 10_000,
  footerRoom: 0,
  maxParts: 4,
  minEditIntervalMs: 3_000,
};

/** Throws a `SettingsError` when the environment will not do; connects on the platform's `start`. */
export async function createSlack(options: SlackOptions): Promise<Slack> {
  const { state, commands, onProblem, clock = systemClock, wallClock = Date.now } = options;
  const settings = readSlackSettings(options.env);
  const onFatal = createFatal(options);
  const lock = options.lock ?? (async () => ({ lost: never, release: async () => {} }));
  const parts = createParts({ ...options, settings, clock, wallClock, lock, onFatal });
  const { workspaceOf, clients, processes, leases } = parts;
  const typing = createTypingStatus({
    setStatus: createSetStatus({ workspaceOf, clients, clock, processes, leases }),
    marked: await openMarkedThreads(state, onProblem),
    isRunning: async (conversation) => (await commands.turns.status(conversation)) !== null,
    clock,
    onProblem,
  });
  const turns = trackRunningTurns({
    begun: (conversation) => typing.begin(conversation),
    ended: (conversation) => typing.end(conversation),
  });
  return {
    ...createPlatform(parts, typing, onFatal),
    turnEvent: (conversation, event, turn) => turns.turnEvent(conversation, event, turn),
    turnDone: (conversation) => turns.turnDone(conversation),
    restore: () => withTimeout(clock, CLEAR_TYPING_MS, typing.leave()),
  };
}

/** One process never refreshes a token twice at the same time. */
const never = new AbortController().signal;

function createPlatform(
  parts: SlackParts,
  typing: TypingStatus,
  onFatal: (error: unknown) => void,
): Pick<Slack, "platform" | "http"> {
  const { settings, workspaces, workspaceOf, clients, live, clock, install, onProblem } = parts;
  const stopping = new AbortController();
  const events = createEvents(parts, typing, stopping.signal);
  const connection = createConnection({
    settings,
    workspaces,
    clock,
    take: (body) => events.take(body),
    listen: (app) => parts.listen(app),
    install,
    onBack: (downMs) => events.onBack(downMs),
    onFatal,
    onProblem,
  });
  const { hosts, asking } = parts;
  const reading = { ...asking, workspaceOf, clients, live, hosts };
  return {
    http: connection.http,
    platform: {
      name: "slack",
      capabilities: CAPABILITIES,
      spell: spellOnSlack,
      freshMs: settings.freshMs,
      ...postsOf(parts, typing),
      history: (conversation, signal, first) => readHistory(reading, conversation, signal, first),
      isConnected: () => connection.isUp(),
      // Whoever has the link may install it.
      isMany: () => settings.oauth !== undefined,
      async start(intake) {
        await workspaces.open();
        parts.intake.set(intake);
        await connection.start();
        void typing.clearLeftovers();
        events.onBack(Infinity);
      },
      async stop() {
        stopping.abort(new Error("Parley is stopping."));
        await connection.stop();
      },
    },
  };
}

const postsOf = (
  { workspaceOf, clients, posted, live, clock, blocks, processes, leases }: SlackParts,
  typing: TypingStatus,
) =>
  createPosts({
    workspaceOf,
    clients,
    posted,
    live,
    clock,
    blocks,
    limits: createPostLimits({ clock, processes, leases }),
    onPosted: (conversation) => typing.posted(conversation),
  });

/** Takes events as they come, after those that were missed. */
function createEvents(parts: SlackParts, typing: TypingStatus, signal: AbortSignal) {
  const { settings, workspaces, clients, clock, wallClock, live, knows, turns, onProblem } = parts;
  const { asking, commands, routing, posted, hosts } = parts;
  const ports = {
    ...asking,
    hosts,
    wallClock,
    commands,
    clients,
    posted,
    live,
    workspaceOfEvent: routing.workspaceOfEvent,
    queue: createKeyedQueue(),
    onStopped: (conversation: ConversationId) => typing.clear(conversation),
  };
  const take = (body: unknown, isNews: boolean): Promise<void> =>
    takeEvent(ports, parts.intake.get(), body, isNews);
  const missed = createBackfill(
    {
      workspaces,
      clients,
      clock,
      take: (body) => take(body, false),
      knows,
      untaken: (messages) => turns.untaken(messages),
      onProblem,
    },
    signal,
  );
  return {
    async take(body: unknown): Promise<void> {
      await missed.ready(body);
      return take(body, true);
    },
    onBack(downMs: number): void {
      live.forget();
      const missedMs = Math.min(downMs + UNNOTICED_MS, settings.freshMs);
      missed.begin(settings.freshMs > 0 ? wallClock() - missedMs : undefined);
    },
  };
}

/** The first fatal error ends the process; later ones say nothing new. */
function createFatal({ onProblem, exit }: SlackOptions): (error: unknown) => void {
  let isOver = false;
  return (error) => {
    if (isOver) return;
    isOver = true;
    onProblem(error);
    exit(1);
  };
}
