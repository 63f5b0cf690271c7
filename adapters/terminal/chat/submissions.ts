import type { MessageRecord } from "../../../src/adapter-kit/own-threads/thread-record.ts";
import { attachMentioned } from "../commands/attach-files.ts";
import {
  isCommand,
  isLocal,
  messageText,
  runCommand,
  type LocalCommandPorts,
} from "../commands/local-commands.ts";
import { expand, type Written } from "../input/pasted.ts";
import { messageOf, type LocalPerson } from "../local-person.ts";
import { renderReply } from "../render/render-reply.ts";
import { renderNote, renderQuestion } from "../render/render-thread.ts";
import type { Stage } from "../screen/stage.ts";
import type { Activity } from "./activity.ts";

/** What a person enters: shown at once, handled in order. */
export interface Submissions {
  readonly submit: (written: Written) => void;
  /** Stops the turn of the open thread. */
  readonly stopTurn: () => void;
  /** Resolves when everything has been handled. */
  readonly settled: () => Promise<void>;
}

export interface SubmissionDeps {
  readonly person: LocalPerson;
  readonly commands: LocalCommandPorts;
  readonly stage: Stage;
  readonly activity: Activity;
  /** A command has run: the display may have changed. */
  readonly onAnswered: () => void;
  /** A message could not be sent: the person can mend it. */
  readonly onUnsent: (written: Written) => void;
}

export function createSubmissions(deps: SubmissionDeps): Submissions {
  const { commands, person, stage } = deps;
  const pending = new Set<Promise<void>>();
  // The terminal's own commands change what the next line refers to, so they run one after the other.
  let local: Promise<void> = Promise.resolve();
  const track = (work: Promise<void>) => {
    const done = settle(work, stage).finally(() => pending.delete(done));
    pending.add(done);
    return done;
  };
  return {
    submit(written) {
      const text = expand(written).trim();
      const words = text.slice(1);
      if (!isCommand(text)) local = track(local.then(() => say(written, deps)));
      else if (isLocal(words)) local = track(local.then(() => command(words, deps)));
      else void track(command(words, deps));
    },
    stopTurn: () => void track(stop(commands.room.name(), person, stage)),
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

async function settle(work: Promise<void>, stage: Stage): Promise<void> {
  try {
    await work;
  } catch (error) {
    stage.print(renderNote(messageOf(error), stage.look()));
  }
}

async function say(written: Written, deps: SubmissionDeps): Promise<void> {
  const { stage, activity, person, commands, onUnsent } = deps;
  const { room, folder } = commands;
  const typed = messageText(written.text.trimEnd());
  const mentioning = await attachMentioned(typed, { room, folder }).catch((error: unknown) => {
    onUnsent(written);
    throw error;
  });
  const text = expand({ text: mentioning, pastes: written.pastes }).trimEnd();
  const thread = room.name();
  const files = room.takeAttached();
  showQuestion({ text, files: [...files] }, thread, { stage, activity });
  const during = activity.duringTurn(thread);
  activity.sent(thread);
  stage.redraw();
  const { accepted } = await person.send({ thread, text, files });
  await accepted.catch((error: unknown) => {
    if (!during) activity.ended(thread);
    throw new Error(`Parley did not accept the message (${messageOf(error)}). Send it again.`);
  });
}

/** Prints a message of the person, and what becomes of it during a turn. */
export function showQuestion(
  message: Pick<MessageRecord, "text" | "files">,
  thread: string,
  { stage, activity }: Pick<SubmissionDeps, "stage" | "activity">,
): void {
  stage.print(["", ...renderQuestion(message, stage.look())]);
  const during = activity.duringTurn(thread);
  if (during) stage.print(renderNote(DURING_TURN[during], stage.look()));
}

const DURING_TURN = {
  queue: "queued: answered after this turn",
  steer: "sent to the agents at work",
  restart: "the turn starts over with this message",
} as const;

async function command(
  words: string,
  { stage, commands, onAnswered }: Pick<SubmissionDeps, "stage" | "commands" | "onAnswered">,
): Promise<void> {
  stage.print(["", stage.look().paint("dim", `› /${words}`)]);
  const reply = await runCommand(words, commands);
  if (reply) stage.print(renderReply(reply, stage.look()));
  onAnswered();
}

async function stop(
  thread: string,
  person: Pick<LocalPerson, "command">,
  stage: Stage,
): Promise<void> {
  const reply = await person.command(thread, "stop");
  if (!reply.ok) stage.print(renderReply(reply, stage.look()));
}
