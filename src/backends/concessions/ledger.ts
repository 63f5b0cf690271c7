import { type Concession, formatConcession, keyOf } from "./concession.ts";
import { trimEndOf } from "../../text/trim-end-of.ts";

/** What one model at one endpoint does not take, as far as it is known. Kept in memory only. */
export interface Ledger {
  readonly known: () => readonly Concession[];
  /** Changes with every concession that is new. */
  readonly version: () => number;
  /** Records a concession that a request succeeded with. */
  readonly learn: (concession: Concession) => void;
}

/** A model at an endpoint. */
export interface Endpoint {
  readonly kind: string;
  /** Undefined: the provider's own. */
  readonly baseUrl: string | undefined;
  readonly model: string;
}

/** The ledgers of a process. */
export interface ConcessionBook {
  readonly of: (endpoint: Endpoint) => Ledger;
  /** What the model does not take, in words; empty if nothing is known. */
  readonly describe: (endpoint: Endpoint) => readonly string[];
}

const MOST_ENDPOINTS = 500;
/** The most files and fields that one ledger keeps. */
const MOST_CONCESSIONS = 200;

/** `onLearned` is called once for each concession of a model. */
export function createConcessionBook(
  onLearned: (message: string) => void = () => {},
): ConcessionBook {
  const ledgers = new Map<string, Ledger>();
  return {
    of(endpoint) {
      const key = nameOf(endpoint);
      const ledger =
        ledgers.get(key) ??
        createLedger((concession) =>
          onLearned(`${endpoint.kind}/${endpoint.model} ${formatConcession(concession)}.`),
        );
      // The least recently used one goes first.
      ledgers.delete(key);
      ledgers.set(key, ledger);
      const [oldest] = ledgers.keys();
      if (ledgers.size > MOST_ENDPOINTS && oldest !== undefined) ledgers.delete(oldest);
      return ledger;
    },
    describe: (endpoint) => {
      const known = ledgers.get(nameOf(endpoint))?.known() ?? [];
      return known.filter(({ kind }) => kind !== "file").map(formatConcession);
    },
  };
}

const nameOf = ({ kind, baseUrl = "", model }: Endpoint): string =>
  JSON.stringify([kind, trimEndOf(baseUrl, /\//), model]);

export function createLedger(onLearned: (concession: Concession) => void = () => {}): Ledger {
  const concessions = new Map<string, Concession>();
  let version = 0;
  return {
    known: () => [...concessions.values()],
    version: () => version,
    learn(concession) {
      const key = keyOf(concession);
      const before = concessions.get(key);
      if (before && !isStricter(concession, before)) return;
      concessions.set(key, concession);
      version += 1;
      const oldest = [...concessions].find(([, { kind }]) => kind === "file" || kind === "field");
      if (concessions.size > MOST_CONCESSIONS && oldest) concessions.delete(oldest[0]);
      onLearned(concession);
    },
  };
}

const isStricter = (next: Concession, before: Concession): boolean =>
  next.kind === "most" && before.kind === "most" && next.number < before.number;
