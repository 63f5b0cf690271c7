import { randomUUID } from "node:crypto";
import type { Asker, Preferred, Question, TurnsPort } from "../commands/ports.ts";
import { fold } from "../coordination/advance.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { ConversationId, TurnId } from "../ids.ts";
import type { ThreadMessage } from "../platform.ts";
import type { OpenTurn } from "../turns/open-turns.ts";
import { type BeginPorts, beginTurn } from "./begin-turn.ts";
import { restartWaiting, steerWaiting } from "./hurry.ts";

export interface ConversationTurnsPorts extends BeginPorts {
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

/** How far back a conversation's last answered turn is looked for. */
const RECENT = 10;

/** What the shared commands do with the turns of a conversation. */
export function createConversationTurns(ports: ConversationTurnsPorts): TurnsPort {
  const { store, open } = ports;
  return {
    ask: (asker, question) => ask(ports, asker, question),
    stop: (asker) => stop(ports, asker),
    async prefer({ conversation, person }, answer) {
      const turn = open.in(conversation);
      return turn ? prefer(turn, person.id, answer) : { outcome: "closed" };
    },
    retry: (asker, team, turn) => retry(ports, asker, { team, turn }),
    steer: (asker, message) => steerWaiting(ports, asker, message),
    restart: (asker, message) => restartWaiting(ports, asker, message),
    status: async (conversation) => open.in(conversation)?.view() ?? null,
    async last(conversation) {
      const running = open.in(conversation);
      if (running) return running.running.state();
      for (const turn of await store.turns.recent(conversation, RECENT)) {
        const events = await store.journal.read(turn.id);
        if (events.length > 0) return fold(events);
      }
      return null;
    },
    async get(conversation, turn) {
      const running = open.in(conversation);
      if (running?.turn === turn) return running.running.state();
      return journalOf(ports, conversation, turn);
    },
  };
}

/** A question that stands in no thread yet: where a platform can, its adapter posts it as a message instead. */
async function ask(ports: ConversationTurnsPorts, asker: Asker, question: Question): Promise<void> {
  const { conversation, person } = asker;
  const id = `ask-${randomUUID()}`;
  const { text, team, forceTeam } = question;
  const message: ThreadMessage = { id, author: person, text, files: [], at: ports.wallClock() };
  await beginTurn(ports, { claim: id, conversation, message, person, team, forceTeam });
}

/** The running turn; when none runs, the one that would be next. */
async function stop({ store, engine }: ConversationTurnsPorts, asker: Asker): Promise<boolean> {
  const head = await store.turns.head(asker.conversation);
  if (!head) return false;
  const stopped = await engine.stop(head.id, { by: asker.person.name, reason: "stop" });
  return stopped !== "ended";
}

function prefer({ running }: OpenTurn, person: string, answer: string): Preferred {
  const { agents, latest, closing } = running.state();
  if (closing) return { outcome: "closed" };
  const wanted = answer.trim().toLowerCase();
  const standing = agents.filter(({ id }) => latest.some((revision) => revision.agent === id));
  const chosen = standing.find(({ label, id, name }) =>
    [label, id, name].some((word) => word.toLowerCase() === wanted),
  );
  if (!chosen || !running.prefer(person, chosen.label)) {
    return { outcome: "unknown", labels: standing.map(({ label }) => label) };
  }
  return { outcome: "counted", label: chosen.label, agent: chosen.name };
}

async function retry(
  ports: ConversationTurnsPorts,
  { conversation, person }: Asker,
  { team, turn }: { readonly team: string | null; readonly turn: TurnId | undefined },
): Promise<boolean> {
  const message = await requestOf(ports, conversation, turn);
  if (!message) return false;
  const claim = `retry:${randomUUID()}`;
  await beginTurn(ports, {
    claim,
    conversation,
    message,
    person,
    team,
    forceTeam: false,
    during: "restart",
  });
  return true;
}

/** What a turn of the conversation answers; the last one, if none is named. */
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
  id: TurnId,
): Promise<TurnState | null> {
  if ((await store.turns.get(id))?.conversation !== conversation) return null;
  const events = await store.journal.read(id);
  return events.length > 0 ? fold(events) : null;
}
