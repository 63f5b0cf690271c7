import type { Budgets } from "../../budgets/budgets.ts";
import type { Refusal } from "../../budgets/reserve-turn.ts";
import type { ConversationId, TurnId } from "../../ids.ts";
import type { ThreadMessage } from "../../platform.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../store/tables/turn.ts";
import type { TurnEngine } from "../engine/engine.ts";
import type { TurnStep } from "../turn-step.ts";
import { readSnapshot } from "../team-snapshot.ts";
import type { Settling } from "./settling.ts";

/** A message for Parley to answer. */
export interface TurnRequest {
  /** Idempotency key of the platform event: a second request with the same claim does nothing. */
  readonly claim: string;
  readonly conversation: ConversationId;
  readonly message: ThreadMessage;
  /** Who asks: `{platform}:{person id}`. */
  readonly person: string;
  /** The person's display name. */
  readonly name?: string;
  /** Stored with the turn as JSON; contains no secrets. */
  readonly team: unknown;
  /** Steer the running turn with it, if one still accepts messages. */
  readonly steer: boolean;
  /** The message may be part of a request, or be followed by other parts. Absent: it stands alone. */
  readonly settling?: Settling | undefined;
}

export type Accepted =
  | { readonly kind: "duplicate" }
  /** It became part of the request of a turn that waited for more. */
  | { readonly kind: "joined"; readonly turn: TurnId }
  | { readonly kind: "steered"; readonly turn: TurnId }
  /** A limit forbids it. The claim is stored, and `retry` can answer the message later. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** `ahead`: turns of the conversation that end before it starts. */
  | { readonly kind: "queued"; readonly turn: Turn; readonly ahead: number };

export interface AcceptOptions {
  readonly store: Pick<Store, "tx">;
  readonly engine: Pick<TurnEngine, "enqueue">;
  readonly newTurnId: () => TurnId;
  /** Absent: there are no limits and no meters. */
  readonly budgets?: Pick<Budgets, "reserve">;
  /** Reports an accepted turn to the log. Must not throw. */
  readonly onStep?: ((turn: Turn, step: TurnStep) => void) | undefined;
}

/**
 * Accepts a request in one transaction: stores its claim, the message, and what becomes of it: a part of a request, a turn in the lane, or an entry in the running turn's inbox.
 * Once this resolves, Parley will answer or has refused the message. If it rejects, nothing is stored and the platform must redeliver it.
 */
export async function acceptRequest(ports: AcceptOptions, request: TurnRequest): Promise<Accepted> {
  const taken = await acceptOnce(ports, request);
  if (taken.kind === "queued") {
    const { turn, ahead } = taken;
    const sinceWrittenMs = turn.createdAt - request.message.at;
    ports.onStep?.(turn, { step: "accepted", ahead, sinceWrittenMs });
  }
  return taken;
}

const acceptOnce = (ports: AcceptOptions, request: TurnRequest): Promise<Accepted> =>
  ports.store.tx<Accepted>(async (inside, t) => {
    if (!(await inside.claims.take(request.claim))) return { kind: "duplicate" };
    const { conversation, message, person, team } = request;
    await inside.messages.upsert(conversation, [message]);
    const joined = await join(inside, request);
    if (joined) return { kind: "joined", turn: joined };
    const running = request.steer ? await inside.turns.running(conversation) : undefined;
    const steering = { id: message.id, author: message.author.name, text: message.text };
    if (running && (await inside.inbox.add(running.id, steering))) {
      return { kind: "steered", turn: running.id };
    }
    const id = ports.newTurnId();
    const settleMs = waitOf(request);
    const wanted = { id, conversation, request: message.id, person, team, settleMs };
    const asking = { turn: id, conversation, message, person, name: request.name ?? "" };
    const refusal = await ports.budgets?.reserve(inside, { ...asking, team: readSnapshot(team) });
    if (refusal) {
      await inside.turns.refuse(wanted);
      return { kind: "refused", refusal };
    }
    const placed = await inside.turns.add(wanted);
    await ports.engine.enqueue(placed.turn, t);
    return { kind: "queued", ...placed };
  });

async function join(
  { fragments }: Pick<Store, "fragments">,
  { conversation, person, message: { id, at, addressed }, settling }: TurnRequest,
): Promise<TurnId | undefined> {
  // Who names Parley again asks anew.
  if (!settling || addressed === "mention") return undefined;
  return fragments.join({ conversation, message: id, person, at, settleMs: settling.ms });
}

const waitOf = ({ settling }: TurnRequest): number =>
  settling && !settling.isWhole ? settling.ms : 0;
