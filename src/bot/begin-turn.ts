import type { Budgets } from "../budgets/budgets.ts";
import type { MessageKey, Question } from "../commands/ports.ts";
import { parseConversationId } from "../ids.ts";
import type { ConversationId, TurnId } from "../ids.ts";
import type { Person, ThreadMessage } from "../platform.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../store/tables/turn.ts";
import type { Bindings, ResolvedTeam } from "../teams/bindings.ts";
import type { TurnEngine } from "../turns/engine/engine.ts";
import {
  type AcceptOptions,
  type Accepted,
  acceptRequest,
} from "../turns/intake/accept-request.ts";
import { settlingOf } from "../turns/intake/settling.ts";
import { snapshotTeam } from "../turns/team-snapshot.ts";
import { notifyWaitingChanged } from "../turns/intake/waiting-messages.ts";

export interface BeginPorts {
  readonly store: Store;
  readonly engine: TurnEngine;
  readonly bindings: Bindings;
  readonly newTurnId: () => TurnId;
  readonly budgets: Budgets;
  readonly onStep: AcceptOptions["onStep"];
}

/** A request for a team. */
export interface Beginning extends Pick<Question, "team" | "forceTeam"> {
  /** Idempotency key of its event. */
  readonly claim: string;
  readonly conversation: ConversationId;
  readonly message: ThreadMessage;
  readonly person: Person;
  /** What it does while a turn runs; default: as the team file says. */
  readonly during?: "queue" | "steer" | "restart";
  /** The message may be one of several that a person writes in a row. Default: it stands alone. */
  readonly mayJoin?: boolean;
}

/** The claim of a message, so that it is answered once. */
export const claimOf = ({ conversation, id }: MessageKey) => `message:${conversation}:${id}`;

/** The messages that no process has claimed. */
export async function untaken<M extends MessageKey>(
  { store }: Pick<BeginPorts, "store">,
  messages: readonly M[],
): Promise<readonly M[]> {
  const taken = await store.claims.taken(messages.map(claimOf));
  return messages.filter((message) => !taken.has(claimOf(message)));
}

/** Accepts a request for the team that answers there. Throws a `NoTeamError` when none can. */
export async function beginTurn(ports: BeginPorts, beginning: Beginning): Promise<Accepted> {
  const { conversation, message, claim, person } = beginning;
  const place = parseConversationId(conversation);
  const resolved = await ports.bindings.resolve(place, beginning.team ?? undefined);
  const during = beginning.during ?? resolved.team.policy.during_turn;
  const running = during === "restart" ? await ports.store.turns.open(conversation) : undefined;
  const taken = await acceptRequest(ports, {
    claim,
    conversation,
    message,
    person: `${place.platform}:${person.id}`,
    name: person.name,
    team: snapshotTeam(teamOf(resolved, beginning)),
    steer: during === "steer",
    settling: beginning.mayJoin
      ? settlingOf(conversation, message, resolved.team.policy.settle)
      : undefined,
  });
  // After the claim, so that a redelivery does not stop the turn that its first delivery started.
  if (taken.kind === "queued" && running && !(await isLate(ports, message, running))) {
    await ports.engine.stop(running.id, { by: person.name, reason: "restart" });
  }
  if (taken.kind === "queued" && taken.ahead > 0) await notifyWaitingChanged(ports, conversation);
  return taken;
}

/** A late message that is older than the one being answered does not restart the turn. */
async function isLate(
  { store }: BeginPorts,
  { at }: ThreadMessage,
  { conversation, request }: Turn,
): Promise<boolean> {
  return at < ((await store.messages.writtenAt(conversation, request)) ?? -Infinity);
}

const teamOf = ({ team, notes, absent }: ResolvedTeam, { forceTeam }: Beginning) => ({
  ...team,
  notes,
  absent,
  policy: forceTeam ? { ...team.policy, mode: "team" as const } : team.policy,
});
