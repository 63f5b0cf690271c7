import type { Fields } from "../state/fields.ts";

/** One call of the Web API. */
export interface ApiCall {
  readonly method: string;
  /** Objects and lists are read; the token is left out. */
  readonly args: Fields;
  readonly workspace: string | undefined;
  /** Milliseconds of the server's clock. */
  readonly at: number;
  /** HTTP status; 0: the connection was broken. */
  status: number;
  answer: Fields;
}

/** Every call there was, oldest first. */
export function createCalls() {
  const all: ApiCall[] = [];
  return {
    add: (call: ApiCall) => void all.push(call),
    all: all as readonly ApiCall[],
    of: (method: string): readonly ApiCall[] => all.filter((call) => call.method === method),
    /** Refused for its pace. */
    limited: (): readonly ApiCall[] => all.filter(({ status }) => status === 429),
    clear: () => void all.splice(0),
  };
}

export type Calls = ReturnType<typeof createCalls>;
