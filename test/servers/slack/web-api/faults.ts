import type { Fields } from "../state/fields.ts";

/** What goes wrong with a call. */
export type Fault =
  /** It is done, but its answer never arrives: the connection breaks. */
  | { readonly kind: "lost-answer" }
  /** The connection breaks before anything is done. */
  | { readonly kind: "lost-call" }
  /** A bare HTTP status; with `isDone` the call was carried out all the same. */
  | { readonly kind: "status"; readonly status: number; readonly isDone?: boolean }
  | { readonly kind: "error"; readonly error: string; readonly more?: Fields }
  | { readonly kind: "limited"; readonly retryAfter: number | string }
  /** It is done, and the answer takes its time. */
  | { readonly kind: "slow"; readonly ms: number }
  /** A page instead of JSON. */
  | { readonly kind: "html" };

interface Planned {
  readonly methods: RegExp;
  readonly fault: Fault;
  readonly onlyIf: (args: Fields) => boolean;
  left: number;
}

export interface Faults {
  /** The next `times` calls of matching methods fail so. */
  next(method: string | RegExp, fault: Fault, options?: FaultOptions): void;
  /** All matching calls, until `heal`. */
  always(method: string | RegExp, fault: Fault, options?: Omit<FaultOptions, "times">): void;
  /** Calls that no plan is for fail as this says. */
  sometimes(choose: (method: string) => Fault | undefined): void;
  heal(): void;
  take(method: string, args: Fields): Fault | undefined;
}

export interface FaultOptions {
  readonly times?: number;
  /** Only calls with such arguments. */
  readonly onlyIf?: (args: Fields) => boolean;
}

export function createFaults(): Faults {
  const planned: Planned[] = [];
  const chance: { choose: (method: string) => Fault | undefined } = { choose: () => undefined };
  const plan: Faults["next"] = (method, fault, { times = 1, onlyIf = () => true } = {}) => {
    const methods = method instanceof RegExp ? method : new RegExp(`^${RegExp.escape(method)}$`);
    planned.push({ methods, fault, onlyIf, left: times });
  };
  return {
    next: plan,
    always: (method, fault, options) => plan(method, fault, { ...options, times: Infinity }),
    sometimes: (choose) => void (chance.choose = choose),
    heal() {
      planned.splice(0);
      chance.choose = () => undefined;
    },
    take(method, args) {
      const found = planned.find(
        ({ methods, onlyIf, left }) => left > 0 && methods.test(method) && onlyIf(args),
      );
      if (!found) return chance.choose(method);
      found.left--;
      return found.fault;
    },
  };
}
