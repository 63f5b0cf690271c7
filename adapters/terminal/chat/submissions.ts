import { isCommand, isLocal, messageText, runCommand } from "../local-commands.ts";
import type { LocalCommandPorts } from "../local-commands.ts";
import { messageOf } from "../local-person.ts";
import { renderReply } from "../render/render-reply.ts";
import { renderNote, renderQuestion } from "../render/render-thread.ts";
import type { Activity } from "./activity.ts";
import type { Stage } from "./stage.ts";

/** What a person sends: shown at once, handed on in order. */
export interface Submissions {
  submit(text: string): void;
  /** Stops the turn of the open thread. */
  stopTurn(): void;
  /** Resolves when all that was sent has been handed on. */
  settled(): Promise<void>;
}

export interface SubmissionsPorts extends LocalCommandPorts {
  readonly stage: Stage;
  readonly activity: Activity;
  /** A command was answered: what it changed may show. */
  onAnswered(): void;
}

export function createSubmissions(ports: SubmissionsPorts): Submissions {
  const pending = new Set<Promise<void>>();
  // The terminal's own commands change what the next line refers to: they go one by one.
  let local: Promise<void> = Promise.resolve();
  const track = (work: Promise<void>) => {
    const done = settle(work, ports).finally(() => pending.delete(done));
    pending.add(done);
    return done;
  };
  return {
    submit(text) {
      const words = text.trim().slice(1);
      if (!isCommand(text.trim()))
        local = track(local.then(() => say(messageText(text.trimEnd()), ports)));
      else if (isLocal(words)) local = track(local.then(() => command(words, ports)));
      else void track(command(words, ports));
    },
    stopTurn: () => void track(stop(ports)),
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

async function settle(work: Promise<void>, { stage }: SubmissionsPorts): Promise<void> {
  try {
    await work;
  } catch (error) {
    stage.print(renderNote(messageOf(error), stage.look()));
  }
}

async function say(text: string, ports: SubmissionsPorts): Promise<void> {
  const { room, stage, activity, person } = ports;
  const thread = room.name();
  const files = room.takeAttached();
  stage.print(["", ...renderQuestion({ text, files: [...files] }, stage.look())]);
  const during = activity.duringTurn(thread);
  if (during) stage.print(renderNote(DURING_TURN[during], stage.look()));
  activity.sent(thread);
  stage.redraw();
  const { accepted } = await person.say({ thread, text, files });
  await accepted.catch((error: unknown) => {
    if (!during) activity.ended(thread);
    throw new Error(`The message was not taken on (${messageOf(error)}): send it again.`);
  });
}

const DURING_TURN = {
  queue: "queued: it is answered after this turn",
  steer: "passed on to the agents at work",
  restart: "the turn starts over with it",
} as const;

async function command(words: string, ports: SubmissionsPorts): Promise<void> {
  const { stage } = ports;
  stage.print(["", stage.look().paint("dim", `› /${words}`)]);
  const reply = await runCommand(words, ports);
  if (reply) stage.print(renderReply(reply, stage.look()));
  ports.onAnswered();
}

async function stop({ stage, room, person }: SubmissionsPorts): Promise<void> {
  const reply = await person.command(room.name(), "stop");
  if (!reply.ok) stage.print(renderReply(reply, stage.look()));
}
