import { ErrorCode, type App } from "@slack/bolt";

type Process = App["processEvent"];
type ReceiverEvent = Parameters<Process>[0];

/** What stands between the receivers and Bolt: nothing is told to Slack before it is stored, and nothing is lost at the end. */
export interface Gate {
  /** Lets nothing in any more, and resolves when what is inside is done, or after `ms`. */
  close(ms: number): Promise<void>;
}

export interface GateOptions {
  /** Stores what an event means; rejects when it could not be. */
  readonly take: (body: unknown) => Promise<void>;
  /** The subscription was too much for Slack. */
  readonly onRateLimited: () => void;
  readonly setTimer: (ms: number, fn: () => void) => () => void;
}

/**
 * Bolt tells Slack "thank you" for an event when it has found its installation, before any listener runs: so the claim is put into that very
 * call. When it fails, the receiver gets the error instead, and Slack sends the event again.
 */
export function installGate(app: App, { take, onRateLimited, setTimer }: GateOptions): Gate {
  const bolt: Process = app.processEvent.bind(app);
  const inside = new Set<Promise<void>>();
  let isOpen = true;

  const process_ = async (event: ReceiverEvent): Promise<void> => {
    // Bolt knows no such event, and would leave Slack without an answer.
    if (event.body["type"] === "app_rate_limited") {
      onRateLimited();
      return event.ack();
    }
    let isTaken = false;
    const ack: ReceiverEvent["ack"] = async (response) => {
      if (!isTaken) await take(event.body);
      isTaken = true;
      await event.ack(response);
    };
    await bolt({ ...event, ack });
  };

  app.processEvent = (event) => {
    if (!isOpen) return Promise.reject(new Error("Parley is leaving: send it again."));
    const work = process_(event).finally(() => inside.delete(work));
    inside.add(work);
    return work;
  };

  return {
    async close(ms) {
      isOpen = false;
      const late = Promise.withResolvers<void>();
      const cancel = setTimer(ms, () => late.resolve());
      await Promise.race([Promise.allSettled(inside), late.promise]);
      cancel();
    },
  };
}

/** Bolt could not find an event's installation: whatever became of it, it was not stored. */
export const isUnauthorized = (error: { readonly code?: unknown }): boolean =>
  error.code === ErrorCode.AuthorizationError;
