import type { Budgets } from "../../budgets/budgets.ts";
import { parseConversationId, type TurnId } from "../../ids.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../store/tables/turn.ts";
import { messageOfInboxEntry } from "./inbox-entry.ts";
import type { TurnEngine } from "../engine/engine.ts";
import { type AcceptOptions, acceptRequest } from "./accept-request.ts";
import type { ServedPlatform } from "../platform-registry.ts";

export interface AcceptUnseenOptions {
  readonly store: Store;
  readonly engine: Pick<TurnEngine, "enqueue">;
  readonly newTurnId: () => TurnId;
  readonly budgets: Pick<Budgets, "reserve">;
  readonly served: Pick<ServedPlatform, "platform">;
  readonly onStep: AcceptOptions["onStep"];
}

/** Queues a new turn for steering messages that no move of a turn has seen. Idempotent. */
export async function acceptUnseen(
  turn: Turn,
  unseen: readonly string[],
  ports: AcceptUnseenOptions,
): Promise<void> {
  const last = unseen.at(-1);
  if (last === undefined) return;
  const { conversation, team } = turn;
  const wanted = messageOfInboxEntry(last);
  const known = await ports.store.messages.list(conversation);
  const message = known.find(({ id }) => id === wanted);
  if (!message) return;
  const claim = `unseen:${turn.id}`;
  const { id, name } = message.author;
  const person = `${parseConversationId(conversation).platform}:${id}`;
  const request = { claim, conversation, message, person, name, team, steer: false };
  const taken = await acceptRequest(ports, request);
  if (taken.kind !== "refused") return;
  const text = `A message arrived after this answer closed and was not answered. ${taken.refusal.text}`;
  const mark = { turn: ports.newTurnId(), kind: "note", chunk: 0 } as const;
  await ports.served.platform.post(conversation, { kind: "note", text }, mark);
}
