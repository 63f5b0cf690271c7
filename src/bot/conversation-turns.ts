import { randomUUID } from "node:crypto";
import type { Asker, Begun, Preferred, Question, TurnsPort } from "../commands/ports.ts";
import { fold } from "../coordination/advance.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { ConversationId, TurnId } from "../ids.ts";
import type { Level, ThreadMessage } from "../platform.ts";
import { forPeople } from "../progress/for-people.ts";
import { type StatusView, statusView } from "../progress/status-view.ts";
import type { TurnTimes } from "../progress/turn-times.ts";
import { queuedState } from "../turns/waiting/opening.ts";
import { readTiming } from "../turns/read-timing.ts";
import type { Accepted } from "../turns/intake/accept-request.ts";
import { waitingMessages } from "../turns/intake/waiting-messages.ts";
import type { Turn } from "../store/tables/turn.ts";
import type { Store } from "../store/store.ts";
import { type BeginPorts, beginTurn, untaken } from "./begin-turn.ts";
import { finishTurn } from "./finish-turn.ts";
import { rateAnswer, ratingsOf, type RatingPorts } from "./rate-answer.ts";
import { restartWithQueued, steer } from "./steer-queued.ts";

export interface ConversationTurnsPorts extends BeginPorts, RatingPorts {
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

/** How many turns back to look for the last answered one. */
const RECENT = 10;

/** The turns of a conversation, for the shared commands. */
export function createConversationTurns(ports: ConversationTurnsPorts): TurnsPort {
  return {
    ask: (asker, question) => ask(ports, asker, question),
    stop: (asker, turn) => stop(ports, asker, turn),
    finish: (asker, turn) => finishTurn(ports, asker, turn),
    prefer: (asker, answer) => prefer(ports, asker, answer),
    rate: (asker, rating) => rateAnswer(ports, asker, rating),
    ratings: (turn) => ratingsOf(ports.store, turn),
    retry: (asker, team, turn) => retry(ports, asker, { team, turn }),
    steer: (asker, message) => steer(ports, asker, message),
    restart: (asker, message) => restartWithQueued(ports, asker, message),
    untaken: (messages) => untaken(ports, messages),
    hasBegun: async (conversation) => (await ports.store.turns.recent(conversation, 1)).length > 0,
    status: (conversation) => status(ports, conversation),
    refusals: (conversation) => refusals(ports.store, conversation),
    last: (conversation, reader) => last(ports, conversation, reader),
    get: (conversation, id, reader) => journalOf(ports, conversation, { id, reader }),
    timing: (conversation, turn) => timing(ports, conversation, turn),
    threads: (channel) => ports.store.turns.threads(channel),
  };
}

/** A question that is not a message yet; where the platform allows it, the adapter posts it as a message instead. */
async function ask(
  ports: ConversationTurnsPorts,
  asker: Asker,
  question: Question,
): Promise<Begun> {
  const { conversation, person } = asker;
  const id = `ask-${randomUUID()}`;
  const { text, team, forceTeam } = question;
  const message: ThreadMessage = { id, author: person, text, files: [], at: ports.wallClock() };
  return begunBy(
    await beginTurn(ports, { claim: id, conversation, message, person, team, forceTeam }),
    asker,
  );
}

function begunBy(taken: Accepted, { level }: Asker): Begun {
  if (taken.kind !== "refused") return { outcome: "begun" };
  const { text, detail } = taken.refusal;
  return { outcome: "refused", why: level === "installation" ? detail : text };
}

/** Stops the running turn, or else the next queued one. */
async function stop(
  { store, engine }: ConversationTurnsPorts,
  asker: Asker,
  turn: TurnId | null,
): Promise<boolean> {
  const head = await store.turns.head(asker.conversation);
  if (!head || (turn !== null && head.id !== turn)) return false;
  // Its answer is being posted, or is in the thread already.
  if ((await stateOf(store, head))?.outcome) return false;
  const stopped = await engine.stop(head.id, { by: asker.person.name, reason: "stop" });
  return stopped !== "ended";
}

/** Stores the vote durably; the turn receives it in whichever process it runs. */
async function prefer(
  { store }: ConversationTurnsPorts,
  { conversation, person }: Asker,
  answer: string,
): Promise<Preferred> {
  const turn = await store.turns.running(conversation);
  const state = turn && (await stateOf(store, turn));
  if (!state || state.closing) return { outcome: "closed" };
  const wanted = answer.trim().toLowerCase();
  const standing = state.latest.flatMap((revision) => {
    const agent = state.agents.find(({ id }) => id === revision.agent);
    return agent ? [{ ...agent, revision: revision.id }] : [];
  });
  const chosen = standing.find(({ label, id, name }) =>
    [label, id, name].some((word) => word.toLowerCase() === wanted),
  );
  if (!chosen) return { outcome: "unknown", labels: standing.map(({ label }) => label) };
  const { revision, label, name: agent } = chosen;
  const counted = await store.choices.add(state.turn, { person: person.id, revision });
  return counted ? { outcome: "counted", label, agent } : { outcome: "closed" };
}

/** From its journal, whichever process runs it. */
async function status(
  { store, wallClock }: ConversationTurnsPorts,
  conversation: ConversationId,
): Promise<StatusView | null> {
  const turn = await store.turns.open(conversation);
  const state = turn && ((await stateOf(store, turn)) ?? queuedState(turn));
  if (!state || state.outcome) return null;
  const from = (await store.journal.writtenAt(turn.id)) ?? turn.queuedSince ?? Infinity;
  const since = Math.max(0, wallClock() - from);
  const queue = await waitingMessages(store, conversation);
  const waiting = queue.filter(({ id }) => id !== turn.request);
  return statusView(state, { now: state.now + since, waiting });
}

async function refusals(
  { turns, deliveries }: Store,
  conversation: ConversationId,
): Promise<readonly string[]> {
  const [turn] = await turns.recent(conversation, 1);
  return turn ? deliveries.refusals(turn.id) : [];
}

async function last(
  { store }: ConversationTurnsPorts,
  conversation: ConversationId,
  reader?: Level,
): Promise<TurnState | null> {
  for (const turn of await store.turns.recent(conversation, RECENT)) {
    const state = await stateOf(store, turn, reader);
    if (state) return state;
  }
  return null;
}

async function retry(
  ports: ConversationTurnsPorts,
  asker: Asker,
  { team, turn }: { readonly team: string | null; readonly turn: TurnId | undefined },
): ReturnType<TurnsPort["retry"]> {
  const { conversation, person } = asker;
  const message = await requestOf(ports, conversation, turn);
  if (!message) return { outcome: "unknown" };
  const claim = `retry:${randomUUID()}`;
  const taken = await beginTurn(ports, {
    claim,
    conversation,
    message,
    person,
    team,
    forceTeam: false,
    during: "restart",
  });
  return begunBy(taken, asker);
}

/** The request of a turn of the conversation; default: the last turn. */
async function requestOf(
  { store }: ConversationTurnsPorts,
  conversation: ConversationId,
  id: TurnId | undefined,
) {
  const turn = id ? await store.turns.get(id) : (await store.turns.recent(conversation, 1))[0];
  if (turn?.conversation !== conversation) return undefined;
  const messages = await store.messages.list(conversation);
  return messages.find((message) => message.id === turn.request);
}

async function journalOf(
  { store }: ConversationTurnsPorts,
  conversation: ConversationId,
  { id, reader }: { readonly id: TurnId; readonly reader: Level | undefined },
): Promise<TurnState | null> {
  const turn = await store.turns.get(id);
  return turn?.conversation === conversation ? stateOf(store, turn, reader) : null;
}

async function timing(
  { store }: ConversationTurnsPorts,
  conversation: ConversationId,
  id: TurnId | null,
): Promise<TurnTimes | null> {
  const turn = id ? await store.turns.get(id) : (await store.turns.recent(conversation, 1))[0];
  return turn?.conversation === conversation ? readTiming(store, turn) : null;
}

/** What a turn's journal adds up to, as its reader may see it; null: it holds nothing yet. */
async function stateOf(
  { journal }: Pick<Store, "journal">,
  { id, conversation }: Turn,
  reader: Level = "everyone",
): Promise<TurnState | null> {
  const events = await journal.read(id);
  if (events.length === 0) return null;
  const state = fold(events);
  // The providers' words name variables and addresses of the installation, which a workspace's own admins must not see.
  return reader === "installation" ? state : forPeople(state, conversation);
}
