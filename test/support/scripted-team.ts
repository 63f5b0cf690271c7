import type { Terminal } from "../../adapters/terminal/index.ts";
import type { CommandReply } from "../../src/reply.ts";
import { advance, fold } from "../../src/coordination/advance.ts";
import type { TurnEvent } from "../../src/coordination/turn-event.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import type { ConversationId } from "../../src/ids.ts";
import type {
  IncomingCommand,
  IncomingMessage,
  Intake,
  PostedMessage,
} from "../../src/platform.ts";
import { formatNoAnswer } from "../../src/progress/failure-words.ts";
import { finalView } from "../../src/progress/final-view.ts";
import { statusView } from "../../src/progress/status-view.ts";
import { turnSummary } from "../../src/progress/turn-summary.ts";

/** An intake that keeps what it is told; a test says what comes of it. */
export interface ScriptedTeam extends Intake {
  readonly messages: IncomingMessage[];
  readonly commands: IncomingCommand[];
}

export interface ScriptedTeamOptions {
  onMessage?(message: IncomingMessage): Promise<void> | void;
  reply?(command: IncomingCommand): CommandReply | Promise<CommandReply>;
}

export const okReply = (title: string, markdown = ""): CommandReply => ({
  title,
  blocks: markdown === "" ? [] : [{ type: "text", markdown }],
  visibleTo: "asker",
  ok: true,
});

export function createScriptedTeam(options: ScriptedTeamOptions = {}): ScriptedTeam {
  const messages: IncomingMessage[] = [];
  const commands: IncomingCommand[] = [];
  return {
    messages,
    commands,
    async message(message) {
      messages.push(message);
      await options.onMessage?.(message);
    },
    edited: () => Promise.resolve(),
    deleted: () => Promise.resolve(),
    replaced: () => Promise.resolve(),
    claim: async () => true,
    feedback: () => Promise.resolve({ outcome: "taken", before: null }),
    async command(command) {
      commands.push(command);
      return options.reply?.(command) ?? okReply(command.text);
    },
  };
}

/** A turn that a test plays on a terminal, event by event. */
export interface PlayedTurn {
  play(events: readonly TurnEvent[]): Promise<void>;
  /** Posts what stands, freezes the status, says that the turn is done. */
  finish(): Promise<void>;
  state(): TurnState;
}

/** Starts a turn as the bot would: one status message, edited. */
export async function playTurn(
  terminal: Terminal,
  message: Pick<IncomingMessage, "conversation" | "id">,
  [first, ...events]: readonly TurnEvent[],
): Promise<PlayedTurn> {
  const { conversation } = message;
  let state = fold(first ? [first] : []);
  const status = await terminal.post(
    conversation,
    { kind: "status", view: statusView(state) },
    { turn: state.turn, kind: "status", chunk: 0 },
  );
  if (first) terminal.turnEvent(conversation, first, state);
  const turn: PlayedTurn = {
    state: () => state,
    async play(more) {
      for (const event of more) {
        state = advance(state, event);
        terminal.turnEvent(conversation, event, state);
      }
      await terminal.edit(status, { kind: "status", view: statusView(state) });
    },
    finish: () => finish(terminal, message, status, state),
  };
  if (events.length > 0) await turn.play(events);
  return turn;
}

async function finish(
  terminal: Terminal,
  message: Pick<IncomingMessage, "conversation" | "id">,
  status: PostedMessage,
  state: TurnState,
): Promise<void> {
  const { conversation } = message;
  await terminal.edit(status, { kind: "status", view: statusView(state) });
  await postOutcome(terminal, conversation, state);
  terminal.turnDone(conversation, message.id, turnSummary(state, { conversation }));
}

async function postOutcome(terminal: Terminal, conversation: ConversationId, state: TurnState) {
  const view = finalView(state);
  const mark = { turn: state.turn, chunk: 0 };
  if (!view) {
    const text = formatNoAnswer(state);
    await terminal.post(conversation, { kind: "note", text }, { ...mark, kind: "note" });
    return;
  }
  const final = { kind: "final", view, text: view.text, chunk: 0, chunks: 1 } as const;
  await terminal.post(conversation, final, { ...mark, kind: "final" });
}
