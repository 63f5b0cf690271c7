import type { Clock } from "../../clock.ts";
import { createBreaker, type Breaker } from "./breaker.ts";
import { createSlots, type Slots } from "./slots.ts";

/** State shared by all agents that call the same API with the same key. */
export interface Account {
  readonly slots: Slots;
  readonly breaker: Breaker;
}

const DEFAULT_CONCURRENCY = 8;

export const createAccount = ({ name, clock }: { name: string; clock: Clock }): Account => ({
  slots: createSlots(DEFAULT_CONCURRENCY),
  breaker: createBreaker({ name, clock }),
});
