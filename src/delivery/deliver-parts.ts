import type { DeliveryMark, Outgoing } from "../platform.ts";
import type {
  Delivery as Row,
  DeliveringTurn,
  Intended,
  LimitsHit,
} from "../store/tables/deliveries.ts";
import { DeliveryError } from "./delivery-error.ts";
import { type DeliveryPorts, postOnce } from "./post-once.ts";

/** What became of a final answer or a note. */
export interface Delivered {
  /** The rate-limit responses on the way. */
  readonly limits: LimitsHit;
  /** Whether people can read all of it, a part, or nothing. */
  readonly said: "all" | "part" | "nothing";
  /** What the platform refused, for the people who can change that. */
  readonly problems: readonly DeliveryError[];
}

export interface Parts {
  readonly turn: DeliveringTurn;
  readonly kind: "final" | "note";
  readonly intended: Intended;
  readonly content: (row: Row) => Outgoing;
  /** What says truthfully that this part could not be posted. */
  readonly substitute: (row: Row) => Outgoing;
  /** The same without a file, which the platform did not take. */
  readonly withoutFile?: () => Promise<Parts>;
  readonly signal: AbortSignal | undefined;
}

/** Posts the parts in order, each in the simplest form that is needed. Rejects with a `DeliveryError` only where the outcome is unsure. */
export async function deliverParts(ports: DeliveryPorts, parts: Parts): Promise<Delivered> {
  const { rows, heldAt, fresh } = parts.intended;
  const tally = createTally(rows);
  for (const row of rows) {
    if (row.state === "posted") {
      tally.posted();
      continue;
    }
    const known = { fresh, heldAt: row.chunk === 0 ? heldAt : -Infinity };
    try {
      tally.posted(await postPart(ports, parts, row, known));
    } catch (error) {
      if (!isRefused(error)) throw error;
      await note(ports, parts, row, error);
      if (error.about === "file" && parts.withoutFile) {
        return withProblem(await deliverParts(ports, await parts.withoutFile()), error);
      }
      tally.refused(error, await saySo(ports, parts, row, error));
      if (tally.isOver()) break;
    }
  }
  return tally.result();
}

const withProblem = (delivered: Delivered, problem: DeliveryError): Delivered => ({
  ...delivered,
  problems: [problem, ...delivered.problems],
});

/** A refusal for good, or a file that keeps failing. */
const isRefused = (error: unknown): error is DeliveryError =>
  error instanceof DeliveryError && (error.outcome !== "unsure" || error.about === "file");

async function postPart(
  ports: DeliveryPorts,
  { turn, kind, content, signal }: Parts,
  row: Row,
  known: Pick<Intended, "fresh" | "heldAt">,
): Promise<LimitsHit> {
  const mark: DeliveryMark = { turn: turn.id, kind, chunk: row.chunk };
  const post = { turn, mark, content: content(row), ...known, signal };
  return (await postOnce(ports, post)).limits;
}

/** Posts the substitute of a refused part; false: that is refused too, or nothing can be posted there. */
async function saySo(
  ports: DeliveryPorts,
  parts: Parts,
  row: Row,
  { outcome, about }: DeliveryError,
): Promise<boolean> {
  if (outcome === "gone" || about === "place") return false;
  const known = { fresh: true, heldAt: -Infinity };
  try {
    await postPart(ports, { ...parts, content: parts.substitute }, row, known);
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
}

const note = (
  { deliveries }: DeliveryPorts,
  { turn, kind }: Parts,
  { chunk }: Row,
  { message: refusal }: DeliveryError,
): Promise<void> => deliveries.refused(turn, { kind, chunk, refusal });

function createTally(rows: readonly Row[]) {
  const problems: DeliveryError[] = [];
  let limits: LimitsHit = { hits: 0, ms: 0 };
  let posted = 0;
  let isOver = false;
  return {
    posted(more: LimitsHit = { hits: 0, ms: 0 }): void {
      posted++;
      limits = { hits: limits.hits + more.hits, ms: limits.ms + more.ms };
    },
    refused(problem: DeliveryError, isSaid: boolean): void {
      problems.push(problem);
      isOver ||= !isSaid;
    },
    /** Nothing more can be posted there. */
    isOver: () => isOver,
    result(): Delivered {
      const said = posted === rows.length ? "all" : posted > 0 ? "part" : "nothing";
      return { limits, said, problems };
    },
  };
}
