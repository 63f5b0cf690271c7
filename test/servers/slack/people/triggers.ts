import type { Clock } from "../../../../src/clock.ts";
import { ApiError } from "../web-api/api-error.ts";

const LIFE_MS = 3_000;

/** What a person's click allows the app: one modal, within 3 s. */
export interface Triggers {
  issue(user: string): string;
  /** Who clicked. Throws an `ApiError` when it is too late, or was used before. */
  use(id: string): string;
}

export function createTriggers(clock: Clock, nextId: (prefix: string) => string): Triggers {
  const issued = new Map<string, { user: string; at: number; isUsed: boolean }>();
  return {
    issue(user) {
      const id = `${nextId("1")}.${nextId("2")}.abcdef`;
      issued.set(id, { user, at: clock.now(), isUsed: false });
      return id;
    },
    use(id) {
      const trigger = issued.get(id);
      if (!trigger) throw new ApiError("invalid_trigger_id");
      if (trigger.isUsed) throw new ApiError("exchanged_trigger_id");
      if (clock.now() - trigger.at > LIFE_MS) throw new ApiError("expired_trigger_id");
      trigger.isUsed = true;
      return trigger.user;
    },
  };
}
