import {
  isCommand,
  isLocal,
  messageText,
  runCommand,
  type LocalCommandDeps,
} from "../local-commands.ts";
import { messageOf } from "../local-person.ts";
import { renderReply } from "../render/render-reply.ts";
import { renderNote, renderQuestion } from "../render/render-thread.ts";
import type { Activity } from "./activity.ts";
import type { Stage } from "./stage.ts";

/** What a person enters: shown at once, handled in order. */
export interface Submissions {
  submit(text: string): void;
  /** Stops the turn of the open thread. */
  stopTurn(): void;
  /** Resolves when everything has been handled. */
  settled(): Promise<void>;
}

export interface SubmissionDeps extends LocalCommandDeps {
  readonly stage: Stage;
  readonly activity: Activity;
  /** A command has run: the display may have changed. */
  onAnswered(): void;
}

export function createSubmissions(deps: SubmissionDeps): Submissions {
  const pending = new Set<Promise<void>>();
  // The terminal's own commands change what the next line refers to, so they run one after the other.
  let local: Promise<void> = Promise.resolve();
  const track = (work: Promise<void>) => {
    const done = settle(work, deps).finally(() => pending.delete(done));
    pending.add(done);
    return done;
  };
  return {
    submit(text) {
      const words = text.trim().slice(1);
      if (!isCommand(text.trim()))
        local = track(local.then(() => say(messageText(text.trimEnd()), deps)));
      else if (isLocal(words)) local = track(local.then(() => command(words, deps)));
      else void track(command(words, deps));
    },
    stopTurn: () => void track(stop(deps)),
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

async function settle(work: Promise<void>, { stage }: SubmissionDeps): Promise<void> {
  try {
    await work;
  } catch (error) {
    stage.print(renderNote(messageOf(error), stage.look()));
  }
}

async function say(text: string, deps: SubmissionDeps): Promise<void> {
  const { room, stage, activity, person } = deps;
  const thread = room.name();
  const files = room.takeAttached();
  stage.print(["", ...renderQuestion({ text, files: [...files] }, stage.look())]);
  const during = activity.duringTurn(thread);
  if (during) stage.print(renderNote(DURING_TURN[during], stage.look()));
  activity.sent(thread);
  stage.redraw();
  const { accepted } = await person.send({ thread, text, files });
  await accepted.catch((error: unknown) => {
    if (!during) activity.ended(thread);
    throw new Error(`Parley did not accept the message (${messageOf(error)}). Send it again.`);
  });
}

const DURING_TURN = {
  queue: "queued: answered after this turn",
  steer: "sent to the agents at work",
  restart: "the turn starts over with this message",
} as const;

async function command(words: string, deps: SubmissionDeps): Promise<void> {
  const { stage } = deps;
  stage.print(["", stage.look().paint("dim", `› /${words}`)]);
  const reply = await runCommand(words, deps);
  if (reply) stage.print(renderReply(reply, stage.look()));
  deps.onAnswered();
}

async function stop({ stage, room, person }: SubmissionDeps): Promise<void> {
  const reply = await person.command(room.name(), "stop");
  if (!reply.ok) stage.print(renderReply(reply, stage.look()));
}
