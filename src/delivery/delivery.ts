import type { Outgoing } from "../platform.ts";
import type { FinalView } from "../progress/final-view.ts";
import type {
  Delivery as Row,
  DeliveringTurn,
  Intended,
  LimitsHit,
} from "../store/tables/deliveries.ts";
import { type DeliveryPorts, postOnce } from "./post-once.ts";
import { flattenNesting } from "../markdown/flatten-nesting.ts";
import { inliningReferences } from "../markdown/inline-references.ts";
import { revealingLinks } from "../links/reveal-links.ts";
import { inSlices } from "../slices.ts";
import { splittingAnswer } from "./split-answer.ts";
import { type StatusMessage, createStatusMessage } from "./status-message.ts";

export interface DeliveryOptions extends DeliveryPorts {
  /** Called when a status update fails; the status carries on. */
  readonly onProblem: (problem: unknown, turn: DeliveringTurn) => void;
}

/** Outbound delivery for one platform. Every post goes through the outbox first. */
export interface Delivery {
  /** The turn's status message. Reuses the existing one, if any. */
  status(turn: DeliveringTurn): StatusMessage;
  /**
   * Posts the final answer, split into parts if it is too long, and resolves once every part is in the thread. Idempotent: a second call
   * resumes an interrupted delivery with the same parts. Does not wait for status edits. Resolves to the number of rate-limit responses.
   * Rejects with a `DeliveryError`, a `FencedError`, a `StoreError`, or the signal's reason.
   */
  final(turn: DeliveringTurn, view: FinalView, signal?: AbortSignal): Promise<LimitsHit>;
  /** Posts the turn's note ("all agents failed: …") once; later calls are ignored, even with another text. Rejects like `final`. */
  note(turn: DeliveringTurn, text: string, signal?: AbortSignal): Promise<LimitsHit>;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { deliveries, platform } = options;
  const deliver = async (
    turn: DeliveringTurn,
    kind: "final" | "note",
    { rows, fresh, heldAt }: Intended,
    { content, signal }: { content: (row: Row) => Outgoing; signal: AbortSignal | undefined },
  ): Promise<LimitsHit> => {
    let limits: LimitsHit = { hits: 0, ms: 0 };
    for (const row of rows) {
      if (row.state === "posted") continue;
      const mark = { turn: turn.id, kind, chunk: row.chunk };
      const known = { fresh, heldAt: row.chunk === 0 ? heldAt : -Infinity };
      const posted = await postOnce(options, {
        turn,
        mark,
        content: content(row),
        ...known,
        signal,
      });
      limits = { hits: limits.hits + posted.limits.hits, ms: limits.ms + posted.limits.ms };
    }
    return limits;
  };

  return {
    status: (turn) => createStatusMessage(options, turn),
    async final(turn, view, signal) {
      const revealed = await inSlices(revealingLinks(view.text.replace(/\r\n?/g, "\n")));
      const text = await inSlices(inliningReferences(flattenNesting(revealed)));
      const split = await inSlices(splittingAnswer(text, platform.capabilities));
      const intent = { kind: "final", original: view.text, ...split } as const;
      const content = (row: Row) => finalPart(view, row);
      return deliver(turn, "final", await deliveries.intend(turn, intent), { content, signal });
    },
    async note(turn, text, signal) {
      const content = (row: Row): Outgoing => ({ kind: "note", text: row.text, failed: turn.id });
      const intended = await deliveries.intend(turn, { kind: "note", parts: [text] });
      return deliver(turn, "note", intended, { content, signal });
    },
  };
}

const finalPart = (view: FinalView, row: Row): Outgoing => ({
  kind: "final",
  view,
  text: row.text,
  chunk: row.chunk,
  chunks: row.chunks,
  ...(row.fileName && { file: { name: row.fileName, text: row.original ?? view.text } }),
});
