import { systemClock, type Clock } from "../../../src/clock.ts";
import type { Shapes } from "./events/envelope.ts";
import type { AppRecord } from "./state/world.ts";
import type { MentionOrder } from "./state/talk.ts";

/** What a test may want otherwise. */
export interface SlackOptions {
  readonly clock?: Clock;
  /** Milliseconds since the epoch: for timestamps of messages. */
  readonly wallClock?: () => number;
  /** `off`: no rate limits. */
  readonly tiers?: "on" | "off";
  /** Multiplies what each minute allows. */
  readonly tierScale?: number;
  /** Calls a minute of single methods, instead of their tiers'. */
  readonly perMinute?: Readonly<Record<string, number>>;
  /** `few`: one request a minute for 15 messages, as apps sold outside the Marketplace have it. */
  readonly history?: "plenty" | "few";
  /** Posts of one channel at once after a quiet time; then one a second. */
  readonly postBurst?: number;
  /** Posts of a workspace a minute. */
  readonly postsPerMinute?: number;
  /** How long an app has for its ack, ms. */
  readonly ackMs?: number;
  /** Before each retry of an event, ms. */
  readonly retryDelaysMs?: readonly number[];
  /** Between the warning and the end of a connection that is refreshed, ms. */
  readonly refreshMs?: number;
  /** Before every answer of the Web API, ms. */
  readonly latencyMs?: number;
  readonly mentions?: MentionOrder;
  readonly shapes?: Shapes;
  readonly subscriptions?: readonly string[];
  readonly agent?: AppRecord["agent"];
  /** With token rotation: how long tokens live that OAuth gives, s. */
  readonly tokenLife?: number | undefined;
  /** Whether the app is installed in the first workspace. */
  readonly isInstalled?: boolean;
}

const SUBSCRIPTIONS = [
  "agent_session_stopped",
  "app_home_opened",
  "app_mention",
  "app_uninstalled",
  "channel_id_changed",
  "member_joined_channel",
  "message.channels",
  "message.groups",
  "message.im",
  "message.mpim",
  "reaction_added",
  "tokens_revoked",
];

export const withDefaults = (options: SlackOptions) => ({
  clock: systemClock,
  wallClock: Date.now,
  tiers: "on" as const,
  tierScale: 1,
  perMinute: {},
  history: "plenty" as const,
  postBurst: 10,
  postsPerMinute: 300,
  ackMs: 3_000,
  retryDelaysMs: [0, 60_000, 300_000],
  refreshMs: 50,
  latencyMs: 0,
  mentions: "mention-first" as const,
  shapes: "full" as const,
  subscriptions: SUBSCRIPTIONS,
  agent: "agent_view" as const,
  tokenLife: undefined,
  isInstalled: true,
  ...options,
});

export type Settings = Omit<Required<SlackOptions>, "tokenLife"> & Pick<SlackOptions, "tokenLife">;
