import type { Call } from "./call.ts";
import type { Scope } from "./limits.ts";
import { sameRoute } from "./router.ts";

/** A way for a request to go wrong. The `after` kinds happen when the work is done: the client cannot know. */
export type Fault =
  | { readonly kind: "status" | "status after"; readonly status: number }
  /** The connection is reset, or closed in good order without an answer. */
  | { readonly kind: "drop" | "drop after" | "close" | "close after" }
  | { readonly kind: "limit"; readonly retryAfterMs: number; readonly scope: Scope }
  | { readonly kind: "slow"; readonly ms: number };

/** What a fault may depend on. */
export type FaultyCall = Pick<Call, "route" | "body" | "files">;

export interface Faults {
  /** The next `times` requests to a route (or to any, for "*") fail. */
  add(route: string, fault: Fault, times?: number): void;
  /** Requests that nothing waits for fail as this says. */
  sometimes(choose: (route: string) => Fault | undefined): void;
  /** All such calls fail so, until they are cleared. */
  always(fault: Fault, onlyIf: (call: FaultyCall) => boolean): void;
  take(call: FaultyCall): Fault | undefined;
  /** Faults that nothing has run into yet. */
  left(): number;
  clear(): void;
}

export function createFaults(): Faults {
  const waiting: { readonly route: string; readonly fault: Fault }[] = [];
  const lasting: { readonly fault: Fault; readonly onlyIf: (call: FaultyCall) => boolean }[] = [];
  const chance: { choose: (route: string) => Fault | undefined } = { choose: () => undefined };
  return {
    add(route, fault, times = 1) {
      for (let i = 0; i < times; i++) waiting.push({ route: sameRoute(route), fault });
    },
    always: (fault, onlyIf) => void lasting.push({ fault, onlyIf }),
    take(call) {
      const found = lasting.find(({ onlyIf }) => onlyIf(call));
      if (found) return found.fault;
      const { route } = call;
      const wanted = ["*", sameRoute(route)];
      const index = waiting.findIndex((entry) => wanted.includes(entry.route));
      return index < 0 ? chance.choose(route) : waiting.splice(index, 1)[0]?.fault;
    },
    sometimes: (choose) => void (chance.choose = choose),
    left: () => waiting.length,
    clear() {
      waiting.splice(0);
      lasting.splice(0);
      chance.choose = () => undefined;
    },
  };
}
