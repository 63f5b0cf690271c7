import type { Fault as DiscordFault } from "../../test/servers/discord/rest/faults.ts";
import type { Fault as SlackFault } from "../../test/servers/slack/web-api/faults.ts";

/** How a call goes wrong, in no platform's words. `lost reply`: it was carried out, and nobody knows. */
const KINDS = ["error", "lost reply", "error after", "limited", "slow", "dropped"] as const;
export type FaultKind = (typeof KINDS)[number];

const SLACK: Readonly<Record<FaultKind, (ms: number) => SlackFault>> = {
  error: () => ({ kind: "status", status: 500 }),
  "lost reply": () => ({ kind: "lost-answer" }),
  "error after": () => ({ kind: "status", status: 503, isDone: true }),
  limited: () => ({ kind: "limited", retryAfter: 1 }),
  slow: (ms) => ({ kind: "slow", ms }),
  dropped: () => ({ kind: "lost-call" }),
};

const DISCORD: Readonly<Record<FaultKind, (ms: number) => DiscordFault>> = {
  error: () => ({ kind: "status", status: 500 }),
  "lost reply": () => ({ kind: "drop after" }),
  "error after": () => ({ kind: "status after", status: 502 }),
  limited: () => ({ kind: "limit", retryAfterMs: 1_000, scope: "user" }),
  slow: (ms) => ({ kind: "slow", ms }),
  dropped: () => ({ kind: "drop" }),
};

/** How long a slow reply is waited for, ms. */
const SLOW_MS = { least: 500, most: 2_500 };

/** Draws a fault for a share of all calls. */
export function createFaultDraw(share: number, random: () => number) {
  const drawn = new Map<FaultKind, number>();
  const draw = (): { kind: FaultKind; ms: number } | undefined => {
    if (random() >= share) return undefined;
    const kind = KINDS[Math.floor(random() * KINDS.length)] ?? "error";
    drawn.set(kind, (drawn.get(kind) ?? 0) + 1);
    return { kind, ms: SLOW_MS.least + random() * (SLOW_MS.most - SLOW_MS.least) };
  };
  return {
    slack(): SlackFault | undefined {
      const fault = draw();
      return fault && SLACK[fault.kind](fault.ms);
    },
    discord(): DiscordFault | undefined {
      const fault = draw();
      return fault && DISCORD[fault.kind](fault.ms);
    },
    drawn: (): ReadonlyMap<FaultKind, number> => drawn,
  };
}
