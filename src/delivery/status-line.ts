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

/** What is known of a turn's status message on its platform. */
export interface StatusLine {
  /** What people see; null: not known. */
  readonly shown: StatusView | null;
  /** When its last call ended; before the first one, long ago. */
  readonly touchedAt: number;
  /** The platform takes no edit earlier. */
  readonly notBefore: number;
  /** There is no message any more, and will be none. */
  readonly over: boolean;
  /** There is no message yet: the platform had no room for it. */
  isMissing(): boolean;
  /** What the platform said of its room was about an edit that is not to be made any more. */
  forgetWait(): void;
  /** Posts or edits, one call at a time. Never rejects; what it resolves with is worth another try, null is not. */
  put(view: StatusView): Promise<unknown>;
}

export function createStatusLine(ports: StatusPorts, turn: DeliveringTurn): StatusLine {
  const { clock } = ports;
  const post = createStatusPost(ports, turn);
  const line = {
    shown: null as StatusView | null,
    touchedAt: -Infinity,
    notBefore: -Infinity,
    over: false,
    isMissing: () => post.isMissing(),
    forgetWait: () => void (line.notBefore = -Infinity),
    async put(view: StatusView): Promise<unknown> {
      try {
        await post.put(view);
        line.shown = view;
        return null;
      } catch (error) {
        return settle(error);
      } finally {
        // What does not stand there yet has not been touched.
        if (!post.isMissing()) line.touchedAt = clock.now();
      }
    },
  };

  const settle = (error: unknown): unknown => {
    if (error instanceof PlatformError && error.outcome === "rate_limited") {
      line.notBefore = clock.now() + (error.retryAfterMs ?? 0);
    }
    line.over = isOver(error);
    if (isWorthAnotherTry(error)) return error;
    if (!(error instanceof FencedError)) ports.onProblem(error, turn);
    return null;
  };

  return line;
}

const isOver = (error: unknown): boolean =>
  error instanceof FencedError || (error instanceof DeliveryError && error.outcome !== "unsure");

/** Not what the platform refused, nor what has been tried often enough. */
const isWorthAnotherTry = (error: unknown): boolean =>
  error instanceof PlatformError
    ? error.outcome !== "rejected"
    : !(error instanceof DeliveryError || error instanceof FencedError);
