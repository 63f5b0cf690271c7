import { createKeyedQueue } from "../../src/adapter-kit/queue/keyed-queue.ts";
import { systemClock } from "../../src/clock.ts";
import type { Clock } from "../../src/clock.ts";
import type { HttpRoute } from "../../src/http/http-server.ts";
import type { ConversationId } from "../../src/ids.ts";
import type { Platform } from "../../src/platform.ts";
import type { InteractionPorts } from "./interactions/interaction-ports.ts";
import { readSlackSettings } from "./env.ts";
import { createBackfill } from "./intake/backfill.ts";
import { takeEvent } from "./intake/take-event.ts";
import type {
  AdapterState,
  InstallRecords,
  KeyValuesByName,
  TakeLock,
} from "../../src/adapter-storage.ts";
import { withTimeout } from "../../src/timers.ts";
import {
  createLoadingSigns,
  createRunningTurns,
  type LoadingSigns,
  openKeptList,
  type RunningTurns,
} from "./typing-status/typing-status.ts";
import { createParts, type SlackParts } from "./parts.ts";
import { createPosts } from "./post/posts.ts";
import { type Connection, createConnection } from "./receivers/connection.ts";
import { readHistory } from "./threads/history.ts";

export interface SlackOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly state: AdapterState;
  /** Teams, bindings and turns, as the shared commands know them. */
  readonly commands: InteractionPorts["shared"];
  /** Where the app is installed, for many workspaces. */
  readonly installs: InstallRecords;
  /** What the next process may know too: names, installations under way. */
  readonly kept: KeyValuesByName;
  /** Locks that all processes share: of those, one refreshes a token at a time. Absent: there is no other process. */
  readonly lock?: TakeLock;
  /** Ends the process: Slack will send nothing any more. */
  readonly exit: (code: number) => void;
  /** Something went wrong that the adapter goes on from, or why it ends. No secrets are in it. */
  readonly onProblem: (problem: unknown) => void;
  /** False when other processes serve the same app: then no process sees all of a thread. Default: true. */
  readonly isAlone?: boolean;
  /** How many processes share what Slack takes of the app in a workspace; 1, if absent. */
  readonly processes?: number;
  readonly clock?: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock?: () => number;
}

/** Slack as a platform, and what it wants to hear of turns. */
export interface Slack extends Pick<RunningTurns, "turnEvent" | "turnDone"> {
  readonly platform: Platform;
  /** What it answers over HTTP; undefined: nothing has to be. */
  readonly http: HttpRoute | undefined;
  /** Takes Slack's loading signs away, at the very end. */
  readonly restore: () => Promise<void>;
}

/** How long a dead connection may go unnoticed, and what clocks may differ by, ms. */
const UNNOTICED_MS = 60_000;

/** What still shows a loading sign after this is seen to at the next start, ms. */
const SIGNS_MS = 2_000;

/** A markdown block takes 12,000 characters a message, of which the footer and what surrounds it need some. */
const CAPABILITIES = {
  maxTextLength: 10_000,
  footerRoom: 0,
  maxParts: 4,
  minEditIntervalMs: 3_000,
};

/** Throws a `SettingsError` when the environment will not do; connects on the platform's `start`. */
export async function createSlack(options: SlackOptions): Promise<Slack> {
  const settings = readSlackSettings(options.env);
  const clock = options.clock ?? systemClock;
  const { onProblem } = options;
  const kept = await openKeptList(options.state, onProblem);
  const turns = createRunningTurns({
    begun: (conversation) => signs.begin(conversation),
    ended: (conversation) => signs.end(conversation),
  });
  const fatal = createFatal(options);
  const lock = options.lock ?? (async () => ({ lost: never, release: async () => {} }));
  const ports = createParts({
    ...options,
    settings,
    clock,
    wallClock: options.wallClock ?? Date.now,
    lock,
    onFatal: fatal,
  });
  const isRunning = async (conversation: ConversationId) =>
    (await options.commands.turns.status(conversation)) !== null;
  const signs = createLoadingSigns({ ...ports, kept, isRunning });
  const platform = createPlatform(ports, signs, fatal);
  return {
    ...platform,
    turnEvent: (conversation, event, state) => turns.turnEvent(conversation, event, state),
    turnDone: (conversation) => turns.turnDone(conversation),
    restore: () => withTimeout(clock, SIGNS_MS, signs.leave()),
  };
}

/** Within one process nothing is refreshed twice at a time anyway. */
const never = new AbortController().signal;

function createPlatform(
  ports: SlackParts,
  signs: LoadingSigns,
  onFatal: (error: unknown) => void,
): Pick<Slack, "platform" | "http"> {
  const leaving = new AbortController();
  const { settings, clock } = ports;
  const onStopped = (conversation: ConversationId) => signs.takeAway(conversation);
  const onPosted = (conversation: ConversationId) => signs.posted(conversation);
  const queue = createKeyedQueue();
  const take = (body: unknown, isNews: boolean): Promise<void> =>
    takeEvent({ ...ports, ...settings, queue, onStopped }, ports.intake.get(), body, isNews);
  const found = (body: unknown) => take(body, false);
  const { untaken } = ports.turns;
  const missed = createBackfill({ ...ports, untaken, take: found }, leaving.signal);
  const fill = (ms: number): void =>
    missed.begin(
      settings.freshMs > 0 ? ports.wallClock() - Math.min(ms, settings.freshMs) : undefined,
    );
  const connection = createConnection({
    ...ports,
    async take(body) {
      await missed.ready(body);
      return take(body, true);
    },
    onBack(downMs) {
      ports.live.forget();
      fill(downMs + UNNOTICED_MS);
    },
    onFatal,
  });
  return {
    http: connection.http,
    platform: {
      name: "slack",
      capabilities: CAPABILITIES,
      freshMs: settings.freshMs,
      ...createPosts({ ...ports, clock, onPosted }),
      history: (conversation, signal, first) =>
        readHistory({ ...ports, ...settings }, conversation, signal, first),
      ...createLife({ ports, connection, signs, leaving, fill }),
    },
  };
}

/** Start and stop. */
function createLife({
  ports,
  connection,
  signs,
  leaving,
  fill,
}: {
  ports: SlackParts;
  connection: Connection;
  signs: LoadingSigns;
  leaving: AbortController;
  fill: (ms: number) => void;
}): Pick<Platform, "start" | "stop" | "isConnected" | "isMany"> {
  return {
    isConnected: () => connection.isUp(),
    // Whoever has the link may install it.
    isMany: () => ports.settings.oauth !== undefined,
    async start(intake) {
      await ports.workspaces.open();
      ports.intake.set(intake);
      await connection.start();
      void signs.clearLeftovers();
      fill(Infinity);
    },
    async stop() {
      leaving.abort(new Error("Parley is leaving."));
      await connection.stop();
    },
  };
}

/** The first reason why nothing will come any more ends the process. */
function createFatal({ onProblem, exit }: SlackOptions): (error: unknown) => void {
  let isOver = false;
  return (error) => {
    if (isOver) return;
    isOver = true;
    onProblem(error);
    exit(1);
  };
}
