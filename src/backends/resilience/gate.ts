import type { Clock } from "../../clock.ts";
import { type Concurrency, createConcurrency } from "./concurrency.ts";
import { createLane, isBefore, type Lane, type LaneWait, type WaitingCall } from "./lane.ts";
import { createNews } from "./news.ts";
import { createPass, type Pass } from "./pass.ts";
import { RateLimitedError } from "./rate-limited-error.ts";

/** A call that wants to be sent. */
export interface GateCall {
  readonly model: string;
  /** Calls with smaller ranks go first, then those that came first. */
  readonly rank: number;
  /** The account may have so many calls in flight, this one included; undefined: as many as its server takes. */
  readonly ceiling: number | undefined;
  /** Rather than wait out a longer pause of its provider, the call fails, ms. */
  readonly longestPauseMs: number;
  readonly signal: AbortSignal;
}

/** A place in the line. */
export interface Ticket {
  /**
   * Resolves to the pass, or first to what the call waits for, and again when that changes. Rejects with the signal's reason on abort, and with a
   * `RateLimitedError` if the provider's pause is too long.
   */
  next(): Promise<Pass | LaneWait>;
  /** Gives the place up, or the pass that nobody took. Does nothing after `next` has resolved to the pass. */
  leave(): void;
}

/** Lets the calls of an account through: as many at once as its server takes, when its rate limits have room, oldest turn first. */
export interface Gate {
  enter(call: GateCall): Ticket;
  /** How many calls the provider has taken on so far for a model: tells whether others get through. */
  acceptedFor(model: string): number;
  /** Whether calls for a model are under way that the provider has taken on. */
  isServing(model: string): boolean;
  /** For how long the provider wants no calls for a model, ms; 0: it takes calls. */
  pauseMs(model: string): number;
}

export interface GateOptions {
  /** The provider's name, for errors. */
  readonly name: string;
  readonly clock: Clock;
  /** The server is on this machine or in a private network. */
  readonly isLocal: boolean;
}

interface State extends GateOptions {
  readonly concurrency: Concurrency;
  readonly lanes: Map<string, Lane>;
  arrivals: number;
  /** The number of the last call sent. */
  sent: number;
  inFlight: number;
  cancelTimer: () => void;
}

export function createGate(options: GateOptions): Gate {
  const state: State = {
    ...options,
    concurrency: createConcurrency(options),
    lanes: new Map(),
    arrivals: 0,
    sent: 0,
    inFlight: 0,
    cancelTimer: () => {},
  };
  return {
    enter: (call) => enter(state, call),
    acceptedFor: (model) => laneOf(state, model).accepted,
    isServing: (model) => laneOf(state, model).room.isServing(),
    pauseMs: (model) => laneOf(state, model).pauseMs(options.clock.now()),
  };
}

function laneOf({ lanes }: State, model: string): Lane {
  const lane = lanes.get(model) ?? createLane();
  lanes.set(model, lane);
  return lane;
}

function enter(state: State, { signal, model, ...asked }: GateCall): Ticket {
  const { clock, concurrency } = state;
  const lane = laneOf(state, model);
  const news = createNews<Pass | LaneWait>();
  let given: Pass | null = null;
  const leave = () => {
    signal.removeEventListener("abort", abort);
    lane.remove(call);
    given?.end();
    given = null;
    // It may have held up others.
    pump(state);
  };
  const abort = () => {
    leave();
    news.fail(signal.reason);
  };
  const call: WaitingCall = {
    rank: asked.rank,
    arrival: (state.arrivals += 1),
    ceiling: asked.ceiling ?? Number.POSITIVE_INFINITY,
    longestPauseMs: asked.longestPauseMs,
    admit: () => news.tell((given = issue(state, lane))),
    refuse(pauseMs) {
      leave();
      news.fail(new RateLimitedError(state.name, pauseMs));
    },
    tell: once(news.tell, clock),
  };
  if (asked.ceiling !== undefined) concurrency.trust(asked.ceiling);
  signal.addEventListener("abort", abort, { once: true });
  const pauseMs = lane.pauseMs(clock.now());
  if (signal.aborted) abort();
  else if (pauseMs > call.longestPauseMs) call.refuse(pauseMs);
  else {
    lane.add(call);
    pump(state);
    if (!given) call.tell(lane.waitOf(clock.now()));
  }
  return {
    async next() {
      const told = await news.next();
      if (told === given) given = null;
      return told;
    },
    leave,
  };
}

/** A pause that ends so much later is news, ms. */
const NEWS_MS = 5_000;

/** Tells only what a call waits for now and did not before. */
function once(tell: (wait: LaneWait) => void, clock: Clock): (wait: LaneWait) => void {
  let told: LaneWait["cause"] | null = null;
  let toldUntil = 0;
  return (wait) => {
    const until = wait.resumesInMs === null ? 0 : clock.now() + wait.resumesInMs;
    if (wait.cause === told && until - toldUntil < NEWS_MS) return;
    told = wait.cause;
    toldUntil = until;
    tell(wait);
  };
}

/** Sends what may be sent. The first call that finds no room holds up all later ones, so that none starves. */
function pump(state: State): void {
  for (let next = firstOpen(state); next; next = firstOpen(state)) {
    const { call, lane } = next;
    if (state.inFlight >= Math.min(state.concurrency.limit, call.ceiling)) break;
    lane.remove(call);
    call.admit();
  }
  setTimer(state);
}

/** The oldest call that the rate limits of its model let through. */
function firstOpen({ lanes, clock }: State): { call: WaitingCall; lane: Lane } | undefined {
  const now = clock.now();
  let best: { call: WaitingCall; lane: Lane } | undefined;
  for (const lane of lanes.values()) {
    const call = lane.first();
    if (!call || lane.opensAt(now) > now) continue;
    if (!best || isBefore(call, best.call)) best = { call, lane };
  }
  return best;
}

/** Looks again when a lane opens that calls wait in. */
function setTimer(state: State): void {
  const { clock, lanes } = state;
  state.cancelTimer();
  const now = clock.now();
  const openings = [...lanes.values()].flatMap((lane) => (lane.first() ? [lane.opensAt(now)] : []));
  const next = Math.min(...openings.filter((at) => at > now));
  state.cancelTimer = Number.isFinite(next)
    ? clock.setTimer(next - now, () => open(state))
    : () => {};
}

/** A lane has opened: sends what it lets through and tells the rest what they wait for now. */
function open(state: State): void {
  pump(state);
  const now = state.clock.now();
  for (const lane of state.lanes.values()) {
    for (const call of lane.waiting()) call.tell(lane.waitOf(now));
  }
}

function issue(state: State, lane: Lane): Pass {
  const { clock, concurrency, isLocal } = state;
  state.sent += 1;
  state.inFlight += 1;
  const number = state.sent;
  const call = lane.sent(number, clock.now());
  return createPass(
    { lane, call, clock, isLocal },
    {
      accepted(tookMs) {
        concurrency.accepted({ isFull: state.inFlight >= concurrency.limit, tookMs });
        pump(state);
      },
      refused(room) {
        const { sent, inFlight } = state;
        concurrency.refused({ number, sent, inFlight, room });
      },
      ended() {
        state.inFlight -= 1;
        pump(state);
      },
    },
  );
}
