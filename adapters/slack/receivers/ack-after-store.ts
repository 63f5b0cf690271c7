import { type App, ErrorCode } from "@slack/bolt";
import { createDrain, type Drain } from "../../../src/adapter-kit/queue/drain.ts";
import type { Clock } from "../../../src/clock.ts";
import { NotInstalledError } from "../workspaces.ts";

type Process = App["processEvent"];
type ReceiverEvent = Parameters<Process>[0];

export interface AckOptions {
  /** Stores what an event means; rejects when it could not be. */
  readonly take: (body: unknown) => Promise<void>;
  /** An event came from a workspace where the app is not installed. */
  readonly onNotInstalled: (error: NotInstalledError) => void;
  /** The subscription was too much for Slack. */
  readonly onRateLimited: () => void;
  readonly clock: Clock;
}

/**
 * Bolt tells Slack "thank you" for an event when it has found its installation, before any listener runs: so the claim is put into that very
 * call. When it fails, the receiver gets the error instead, and Slack sends the event again.
 */
export function ackAfterStore(
  app: App,
  { take, onRateLimited, onNotInstalled, clock }: AckOptions,
): Pick<Drain, "close"> {
  const bolt: Process = app.processEvent.bind(app);
  const drain = createDrain(clock);

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
    try {
      await bolt({ ...event, ack });
    } catch (error) {
      const missing = isNotInstalled(error);
      if (!missing) throw error;
      // Sent again it would find no installation either.
      onNotInstalled(missing);
      await event.ack("command" in event.body ? NOT_HERE : undefined);
    }
  };

  app.processEvent = async (event) => {
    if (!drain.isOpen()) throw new Error("Parley is stopping: send it again.");
    await drain.run(() => process_(event));
  };

  return drain;
}

/** What a person who uses a slash command is told. */
const NOT_HERE = "This app is not installed in this workspace any more.";

/** The error that says that an event's workspace does not have the app; undefined: it is another one. */
export function isNotInstalled(error: unknown): NotInstalledError | undefined {
  const reason = error instanceof Error && "original" in error ? error.original : error;
  return reason instanceof NotInstalledError ? reason : undefined;
}

/** Bolt could not find an event's installation: whatever became of it, it was not stored. */
export const isUnauthorized = (error: { readonly code?: unknown }): boolean =>
  error.code === ErrorCode.AuthorizationError;
