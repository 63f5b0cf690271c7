import type { Clock } from "../../clock.ts";
import type { BackendError } from "../backend.ts";
import { isRefusal } from "./failure.ts";
import type { Lane } from "./lane.ts";
import type { RateLimit } from "./rate-window.ts";
import type { SentCall } from "./trial.ts";

/** Permission for one call. */
export interface Pass {
  /** The server's reply began: it took the call on, and said what is left of its limits. Only the first time counts. */
  accepted(limits: readonly RateLimit[]): void;
  /** The call has ended; only the first time counts. `failure`: how it failed. */
  end(failure?: BackendError | null): void;
}

/** What the account learns from a call. */
interface PassListener {
  readonly accepted: (tookMs: number) => void;
  /** For lack of room for so many calls at once; `room`: for how many there is room, if that is known. */
  readonly refused: (room: number | null) => void;
  readonly ended: () => void;
}

interface PassOptions {
  readonly lane: Lane;
  readonly call: SentCall;
  readonly clock: Clock;
  readonly isLocal: boolean;
}

export function createPass(
  { lane, call, clock, isLocal }: PassOptions,
  listener: PassListener,
): Pass {
  const sentAt = clock.now();
  let isAnswered = false;
  let isTakenOn = false;
  let isOver = false;
  const answer = () => {
    if (!isAnswered) lane.answered(call);
    isAnswered = true;
  };
  return {
    accepted(limits) {
      if (isAnswered) return;
      answer();
      isTakenOn = true;
      lane.tookOn(limits, clock.now());
      listener.accepted(clock.now() - sentAt);
    },
    end(failure = null) {
      if (isOver) return;
      isOver = true;
      if (isTakenOn) lane.room.served();
      answer();
      if (failure && isRefusal(failure, isLocal)) {
        const room = lane.room.refused(call);
        if (failure.failure !== "rate_limit" || room !== null) listener.refused(room);
        pause({ lane, call }, failure, clock.now());
      }
      listener.ended();
    },
  };
}

/** Stops sending for the time that the provider named; after a rate limit in any case. Calls that have somewhere else to go leave. */
function pause(
  { lane, call }: Pick<PassOptions, "lane" | "call">,
  { failure, retryAfterMs }: BackendError,
  now: number,
): void {
  if (retryAfterMs === undefined && failure !== "rate_limit") return;
  lane.refused(call, retryAfterMs, now);
  const ms = lane.pauseMs(now);
  for (const waiting of lane.waiting()) {
    if (ms > waiting.longestPauseMs) waiting.refuse(ms);
    else waiting.tell(lane.waitOf(now));
  }
}
