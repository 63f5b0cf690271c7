import { z } from "zod";
import { isTransientPlatformError } from "../../../src/adapter-kit/queue/retry.ts";
import { createTokenBucket } from "../../../src/adapter-kit/rate-limit/call-limits.ts";
import { createPolledLimiters } from "../../../src/adapter-kit/rate-limit/polled-limiter.ts";
import type { UsageLeases } from "../../../src/adapter-kit/rate-limit/usage-leases.ts";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { PlatformError } from "../../../src/platform.ts";
import { sleep } from "../../../src/timers.ts";
import type { Client, Clients } from "../api/clients.ts";
import { slackCodeOf } from "../api/errors.ts";
import { placeOf, type SlackPlace } from "../place.ts";
import type { Workspace } from "../workspaces.ts";

/** What Slack shows, as far as is known; "none": surely nothing; undefined: perhaps something. */
export type ShownStatus = NativeKind | "none" | undefined;

export interface StatusChange {
  readonly isOn: boolean;
  /** Whether the change is still wanted. */
  readonly isWanted: () => boolean;
  /** What is shown now. */
  readonly was: ShownStatus;
}

/** Sets or clears the status of a thread; resolves with what is shown then. Never rejects. */
export type SetStatus = (
  conversation: ConversationId,
  change: StatusChange,
) => Promise<ShownStatus>;

/** Slack's pages name no tier for these calls: the lowest that fits, with some room left. */
const STATUS_CALLS = { perMinute: 40, burst: 10 };
const TRIES = 5;
const RETRY_MS = 2_000;

export interface SetStatusPorts {
  readonly workspaceOf: (team: string) => Promise<Workspace>;
  readonly clients: (workspace: Workspace) => Clients;
  readonly clock: Clock;
  /** How many processes share Slack's limits. */
  readonly processes: number;
  readonly leases: UsageLeases;
}

/** The status is set only if there is room at once, and cleared as soon as there is room, however long that takes. */
export function createSetStatus({
  workspaceOf,
  clients,
  clock,
  processes,
  leases,
}: SetStatusPorts): SetStatus {
  const setNative = createNativeStatus();
  const limiters = createPolledLimiters({
    clock,
    createLimit: (team) =>
      createTokenBucket({
        ...STATUS_CALLS,
        shared: { processes, leases, resource: `signs ${team}` },
      }),
  });

  /** What is shown now, or how long Slack takes no such call, ms. */
  const attempt = async (
    place: SlackPlace,
    isOn: boolean,
  ): Promise<NativeKind | "none" | number> => {
    try {
      const { progress } = clients(await workspaceOf(place.team));
      const kind = await setNative(progress, place, isOn);
      return isOn ? (kind ?? "none") : "none";
    } catch (error) {
      return (error instanceof PlatformError && error.retryAfterMs) || RETRY_MS;
    }
  };

  return async (conversation, { isOn, isWanted, was }) => {
    const place = placeOf(conversation);
    const limiter = limiters(place.team);
    for (let tries = 0; tries < TRIES && isWanted();) {
      const ms = limiter.ask(conversation, !isOn);
      if (ms > 0 && isOn) return was ?? "none";
      if (ms > 0) {
        await sleep(clock, ms);
        continue;
      }
      const shown = await attempt(place, isOn);
      if (typeof shown !== "number") return shown;
      if (isOn) return was;
      limiter.pause(shown * 2 ** tries++, "all");
    }
    return was;
  };
}

/** How Slack shows that an app is at work in a thread: by sessions since 2026, by the assistant's status before. */
type NativeKind = "sessions" | "assistant";

const KINDS: readonly NativeKind[] = ["sessions", "assistant"];

/** The app is not an agent, or lacks the scope: such calls never work in that workspace. */
const UNSUPPORTED =
  /unknown_method|missing_scope|not_allowed_token|deprecated|agent|assistant|not_enabled|access_denied/;

const MOST_WORKSPACES = 5_000;

/** Sets or clears the status with whatever the workspace has. Resolves with what worked; undefined: it has neither. Rejects with a `PlatformError`. */
function createNativeStatus() {
  const unsupported = createBoundedMap<string, true>(MOST_WORKSPACES);
  return async (
    client: Client,
    place: SlackPlace,
    isWorking: boolean,
  ): Promise<NativeKind | undefined> => {
    for (const kind of KINDS) {
      const name = `${place.team}:${kind}`;
      if (unsupported.get(name)) continue;
      try {
        await call(client, place, { kind, isWorking });
        return kind;
      } catch (error) {
        if (isTransientPlatformError(error)) throw error;
        // Servers may reject an unknown method without Slack's error code.
        const code = slackCodeOf(error) ?? "unknown_method";
        if (UNSUPPORTED.test(code)) unsupported.set(name, true);
        else if (kind === "assistant") return undefined;
      }
    }
    return undefined;
  };
}

async function call(
  client: Client,
  { channel, thread }: SlackPlace,
  { kind, isWorking }: { kind: NativeKind; isWorking: boolean },
): Promise<void> {
  const where = { channel_id: channel, thread_ts: thread };
  if (kind === "sessions") {
    const status = isWorking ? "processing" : "active";
    await client.call("agents.sessions.setStatus", { ...where, status }, z.unknown());
    return;
  }
  // An empty status clears it.
  const status = isWorking ? "is asking the team…" : "";
  await client.call("assistant.threads.setStatus", { ...where, status }, z.unknown());
}
