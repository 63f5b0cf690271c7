import type { Clock } from "../../clock.ts";
import { createBreaker, type Breaker } from "./breaker.ts";
import { createGate, type Gate } from "./gate.ts";

/** State shared by all agents that call the same API with the same key. */
export interface Account {
  readonly gate: Gate;
  readonly breaker: Breaker;
}

export const createAccount = (options: {
  readonly name: string;
  readonly clock: Clock;
  /** The server is on this machine or in a private network. */
  readonly isLocal: boolean;
}): Account => ({ gate: createGate(options), breaker: createBreaker(options) });
