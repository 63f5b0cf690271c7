import { commandIn } from "../../../src/commands/command-words.ts";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { Intake } from "../../../src/platform.ts";
import { conversationOf, type SlackPlace, timeOf } from "../place.ts";
import { markOf } from "../post/mark.ts";
import type { SlackPorts } from "../slack-ports.ts";
import type { Workspace } from "../workspaces.ts";
import { answeredBy } from "./answered-by.ts";
import { incomingOf, type IncomingPorts } from "./incoming.ts";
import { isOwn, parseMessage, type Said } from "./parse-event.ts";
import type { SlackMessage } from "./slack-message.ts";

export interface MissedPorts extends IncomingPorts, Pick<SlackPorts, "knows" | "onProblem"> {
  readonly intake: { get(): Pick<Intake, "message"> };
  readonly turns: Pick<CommandPorts["turns"], "untaken">;
  /** How old a message may be that is still answered, ms. */
  readonly freshMs: number;
}

/** Of a thread, as many of the latest. */
const MOST = 5;

/**
 * Takes on what a thread shows and nobody has taken on though it is fresh: Slack sent it to a process that is frozen or gone, and has not
 * sent it again yet. Commands are not carried out so late. Never rejects.
 */
export async function takeMissed(
  ports: MissedPorts,
  workspace: Workspace,
  place: SlackPlace,
  messages: readonly SlackMessage[],
): Promise<void> {
  try {
    for (const said of await findMissed(ports, workspace, place, messages)) {
      const message = await incomingOf(ports, workspace, said);
      if (commandIn(message.text) === null) await ports.intake.get().message(message);
    }
  } catch (problem) {
    ports.onProblem(problem);
  }
}

async function findMissed(
  ports: MissedPorts,
  workspace: Workspace,
  place: SlackPlace,
  messages: readonly SlackMessage[],
): Promise<readonly Said[]> {
  const conversation = conversationOf(place);
  const own = messages.filter((message) => isOwn(message, workspace));
  const marks = own.flatMap(({ metadata }) => markOf(metadata) ?? []);
  const isPart = marks.some(({ kind }) => kind !== "note");
  const finals = own.filter(({ metadata }) => markOf(metadata)?.kind === "final");
  const last = marks.findLast(({ kind }) => kind === "final");
  // Where the claims are lost, what stood there when the turn of the last answer began is answered.
  const isKnown = last === undefined || (await ports.knows(conversation, last.turn));
  const since = Math.max(
    ports.wallClock() - ports.freshMs,
    ...(isKnown ? [] : finals.map(answeredBy)),
  );
  const candidates = messages
    .filter(({ ts }) => (timeOf(ts) ?? -Infinity) > since)
    .flatMap((message) => parseMessage(message, place.channel, workspace) ?? [])
    .filter(({ addressed }) => addressed !== "thread" || isPart)
    .slice(-MOST);
  const untaken = await ports.turns.untaken(
    conversation,
    candidates.map(({ message }) => message.ts),
  );
  return candidates.filter(({ message }) => untaken.has(message.ts));
}
