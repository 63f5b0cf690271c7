import type { UsageLeases } from "../../../src/adapter-kit/rate-limit/usage-leases.ts";
import type { Clock } from "../../../src/clock.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { PlatformError } from "../../../src/platform.ts";
import { sleep } from "../../../src/timers.ts";
import { createPolledLimiters } from "../../../src/adapter-kit/rate-limit/polled-limiter.ts";
import type { Clients } from "../api/clients.ts";
import { createTokenBucket } from "../../../src/adapter-kit/rate-limit/call-limits.ts";
import { placeOf, type SlackPlace } from "../place.ts";
import type { Workspace } from "../workspaces.ts";
import { createNativeStatus, type NativeKind } from "./native-status.ts";

/** What Slack shows, as far as is known; "none": surely nothing; undefined: perhaps something. */
export type ShownSign = NativeKind | "none" | undefined;

/** Sets or clears a sign; resolves with what is shown then. `was`: what is shown now. Never rejects. */
export type ShowSign = (wish: {
  readonly isOn: boolean;
  readonly isWanted: () => boolean;
  readonly was: ShownSign;
}) => Promise<ShownSign>;

/** The pages name no tier; of the lowest that fits, this leaves some for others. */
const SIGNS = { perMinute: 40, burst: 10 };
const TRIES = 5;
const RETRY_MS = 2_000;

export interface SignPorts {
  readonly workspaceOf: (team: string) => Promise<Workspace>;
  readonly clients: (workspace: Workspace) => Clients;
  readonly clock: Clock;
  /** How many processes share what Slack takes. */
  readonly processes: number;
  readonly leases: UsageLeases;
}

/** A sign is set if there is room for it at once, and taken away when there is, however long that takes. */
export function createSignCalls({
  workspaceOf,
  clients,
  clock,
  processes,
  leases,
}: SignPorts): (conversation: ConversationId, wish: Parameters<ShowSign>[0]) => Promise<ShownSign> {
  const setNative = createNativeStatus();
  const limiters = createPolledLimiters({
    clock,
    createLimit: (team) =>
      createTokenBucket({ ...SIGNS, shared: { processes, leases, resource: `signs ${team}` } }),
  });

  /** What is shown now, or for how long Slack takes no such call, ms. */
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
