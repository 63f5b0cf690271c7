import { PlatformError } from "../platform.ts";
import type { StatusView } from "../progress/status-view.ts";
import type { DeliveringTurn } from "../store/tables/deliveries.ts";
import { FencedError } from "../store/store-error.ts";
import { DeliveryError } from "./delivery-error.ts";
import type { DeliveryPorts } from "./post-once.ts";
import { createStatusPost } from "./status-post.ts";

export interface StatusPorts extends DeliveryPorts {
  readonly onProblem: (problem: unknown, turn: DeliveringTurn) => void;
}

/** The state of a turn's status message on its platform. */
export interface StatusLine {
  /** The view that people see; null if unknown. */
  readonly shown: StatusView | null;
  /** When the last call ended; −Infinity before the first one. */
  readonly touchedAt: number;
  /** Rate limit: no edit before this time. */
  readonly notBefore: number;
  /** The message is gone and will not be posted again. */
  readonly over: boolean;
  /** The message has not been posted yet, because of a rate limit. */
  isMissing(): boolean;
  /** Resets `notBefore`: the rate limit applied to an edit that was dropped, and the last edit has capacity of its own. */
  forgetWait(): void;
  /** Posts or edits, one call at a time; only edits, unless it `mayPost`. Never rejects: resolves with an error that is worth a retry, or null. */
  put(view: StatusView, mayPost: boolean): Promise<unknown>;
  /** Whether Parley may post nothing in that place; undefined: not tried yet. */
  readonly isRefused: boolean | undefined;
  /** See `StatusPost`. */
  cancelPost(): void;
}

export function createStatusLine(ports: StatusPorts, turn: DeliveringTurn): StatusLine {
  const { clock } = ports;
  const post = createStatusPost(ports, turn);
  const line = {
    shown: null as StatusView | null,
    touchedAt: -Infinity,
    notBefore: -Infinity,
    over: false,
    isRefused: undefined as boolean | undefined,
    cancelPost: () => post.cancelPost(),
    isMissing: () => post.isMissing(),
    forgetWait: () => void (line.notBefore = -Infinity),
    async put(view: StatusView, mayPost: boolean): Promise<unknown> {
      try {
        await post.put(view, mayPost);
        line.shown = view;
        line.isRefused = false;
        return null;
      } catch (error) {
        return settle(error);
      } finally {
        // A message that is not posted yet has not been edited.
        if (!post.isMissing()) line.touchedAt = clock.now();
      }
    },
  };

  const settle = (error: unknown): unknown => {
    if (error instanceof PlatformError && error.outcome === "rate_limited") {
      line.notBefore = clock.now() + (error.retryAfterMs ?? 0);
    }
    line.over = isOver(error);
    line.isRefused ??= isAboutPlace(error);
    if (isWorthAnotherTry(error)) return error;
    if (!(error instanceof FencedError)) ports.onProblem(error, turn);
    return null;
  };

  return line;
}

const isAboutPlace = (error: unknown): boolean =>
  error instanceof DeliveryError && (error.outcome === "gone" || error.about === "place");

const isOver = (error: unknown): boolean =>
  error instanceof FencedError || (error instanceof DeliveryError && error.outcome !== "unsure");

/** Whether a retry makes sense: not after a refusal, nor once the tries are used up. */
const isWorthAnotherTry = (error: unknown): boolean =>
  error instanceof PlatformError
    ? error.outcome !== "rejected"
    : !(error instanceof DeliveryError || error instanceof FencedError);
