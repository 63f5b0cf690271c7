import type { Commands } from "../commands/commands.ts";
import { commandIn } from "../commands/parse/command-words.ts";
import { parseCommand } from "../commands/parse/parse-command.ts";
import { REPEATED } from "../commands/run/compose-reply.ts";
import type { CommandReply } from "../reply.ts";
import type { IncomingCommand, IncomingMessage, Intake } from "../platform.ts";
import { asksNothing } from "./ask-nothing.ts";
import { askerOf } from "./asker-of.ts";
import { type BeginPorts, beginTurn, claimOf } from "./begin-turn.ts";
import { formatReply } from "./format-reply.ts";
import { catchUpThread, type CatchUpThreadPorts } from "./catch-up-thread.ts";
import {
  createStrangers,
  isForParley,
  isListenedTo,
  type ListeningPorts,
} from "./is-for-parley.ts";
import { owningIntake } from "./owning-intake.ts";
import { type RatingPorts, takeRating } from "./rate-answer.ts";
import { readMessage, steeringIn } from "./read-message.ts";
import { takeDeletion, takeEdit } from "./take-change.ts";
import { takeReplacement } from "./take-replacement.ts";
import { askBack, notifyRefusal, orSayNoTeam, post, type TellPorts } from "./tell-people.ts";
import { unheardListen } from "./unheard-listen.ts";

export interface BotOptions
  extends
    BeginPorts,
    CatchUpThreadPorts,
    RatingPorts,
    TellPorts,
    Omit<ListeningPorts, "catchUp" | "strangers"> {
  readonly commands: Commands;
}

type BotPorts = BotOptions & ListeningPorts;

/** Turns platform events into turns, commands, changes of turns, or nothing. */
export function createBot(options: BotOptions): Intake & Pick<ListeningPorts, "catchUp"> {
  const catchUp: BotPorts["catchUp"] = (conversation, history) =>
    catchUpThread(options, conversation, history, async (message) => {
      if (await isListenedTo(ports, message)) await takeRequest(ports, message, claimOf(message));
    });
  const ports: BotPorts = { ...options, catchUp, strangers: createStrangers() };
  return owningIntake({
    catchUp,
    message: (message) => takeMessage(ports, message, claimOf(message)),
    edited: (message, eventId) => takeEdit(ports, message, eventId),
    deleted: (conversation, id, eventId) => takeDeletion(ports, { conversation, id, eventId }),
    replaced: (original, message) =>
      takeReplacement(ports, original, message, () =>
        takeMessage(ports, message, claimOf(message)),
      ),
    command: (command) => takeCommand(ports, command),
    claim: (conversation, eventId) => ports.store.claims.take(`command:${conversation}:${eventId}`),
    feedback: (feedback) => takeRating(ports, feedback),
  });
}

const keyOf = ({ conversation, id }: Pick<IncomingMessage, "conversation" | "id">): string =>
  `${conversation}:${id}`;

async function takeMessage(
  ports: BotPorts,
  message: IncomingMessage,
  claim: string,
): Promise<void> {
  if (message.author.kind !== "person") return;
  if (await isForParley(ports, message)) return takeRequest(ports, message, claim);
  const hint = await unheardListen(ports, message);
  if (hint !== null && (await ports.store.claims.take(`command:${keyOf(message)}`)))
    await post(ports, message, { kind: "note", text: hint, only: message.author });
}

async function takeRequest(
  ports: BotPorts,
  message: IncomingMessage,
  claim: string,
): Promise<void> {
  const reading = readMessage(message.text);
  if (reading.kind === "command") return takeWrittenCommand(ports, message, reading.text);
  if (await isSteering(ports, message)) return takeWrittenCommand(ports, message, message.text);
  if (isEmpty(message)) return askBack(ports, message, claim);
  if (reading.request.team === null && (await asksNothing(ports, message))) {
    await ports.store.claims.take(claim);
    return ports.onUnanswered(message);
  }
  const { conversation, author: person } = message;
  const mayJoin = commandIn(message.text) === null;
  const asked = { claim, conversation, message, person, mayJoin, ...reading.request };
  const taken = await orSayNoTeam(ports, message, claim, () => beginTurn(ports, asked));
  if (taken?.kind === "refused") await notifyRefusal(ports, message, taken.refusal);
}

/** "steer by bike", while a turn runs; else it is a question. */
const isSteering = async ({ store }: BotPorts, { text, conversation }: IncomingMessage) =>
  steeringIn(text) !== null && (await store.turns.running(conversation)) !== undefined;

/** A mention without a question. */
const isEmpty = ({ text, files }: IncomingMessage): boolean =>
  text.trim() === "" && files.length === 0;

/** "!stop" in a thread where the platform has no commands. */
async function takeWrittenCommand(
  ports: BotPorts,
  message: IncomingMessage,
  text: string,
): Promise<void> {
  if (!(await ports.store.claims.take(`command:${keyOf(message)}`))) return;
  const asker = await askerOf(ports, { ...message, person: message.author });
  const answer = await ports.commands.run(parseCommand(text), { ...asker, isWritten: true });
  const only = answer.visibleTo === "asker" ? { only: message.author } : {};
  await post(ports, message, { kind: "note", text: formatReply(answer), ...only });
}

async function takeCommand(ports: BotPorts, command: IncomingCommand): Promise<CommandReply> {
  const { conversation, eventId, text } = command;
  if (!(await ports.store.claims.take(`command:${conversation}:${eventId}`))) return REPEATED;
  return ports.commands.run(parseCommand(text, command.scope), await askerOf(ports, command));
}
