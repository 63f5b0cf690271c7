import { type App, ErrorCode } from "@slack/bolt";
import { createDrain, type Drain } from "../../../src/adapter-kit/queue/drain.ts";
import type { Clock } from "../../../src/clock.ts";
import { NotInstalledError } from "../workspaces.ts";

type Process = App["processEvent"];
type ReceiverEvent = Parameters<Process>[0];

export interface AckOptions {
  /** Stores an event; rejects when it could not be stored. */
  readonly take: (body: unknown) => Promise<void>;
  /** An event came from a workspace where the app is not installed. */
  readonly onNotInstalled: (error: NotInstalledError) => void;
  /** Slack sent the notice that it holds events back. */
  readonly onRateLimited: () => void;
  readonly clock: Clock;
}

/**
 * Stores each event before it is acknowledged. Bolt acknowledges once it has found the installation, before any listener runs, so the event
 * is stored inside its `ack`. If that fails, the receiver gets the error, and Slack sends the event again.
 */
export function ackAfterStore(
  app: App,
  { take, onRateLimited, onNotInstalled, clock }: AckOptions,
): Pick<Drain, "close"> {
  const bolt: Process = app.processEvent.bind(app);
  const drain = createDrain(clock);

  const process_ = async (event: ReceiverEvent): Promise<void> => {
    // Bolt does not know this event, and would not acknowledge it.
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
      // A redelivery would find no installation either.
      onNotInstalled(missing);
      await event.ack("command" in event.body ? NOT_HERE : undefined);
    }
  };

  app.processEvent = async (event) => {
    if (!drain.isOpen()) throw new Error("Parley is stopping: Slack must send the event again.");
    await drain.run(() => process_(event));
  };

  return drain;
}

/** The reply to a slash command there. */
const NOT_HERE = "This app is not installed in this workspace any more.";

/** The `NotInstalledError` inside Bolt's error; undefined: it is another error. */
export function isNotInstalled(error: unknown): NotInstalledError | undefined {
  const reason = error instanceof Error && "original" in error ? error.original : error;
  return reason instanceof NotInstalledError ? reason : undefined;
}

/** Bolt found no installation for the event, so it was not stored. */
export const isUnauthorized = (error: { readonly code?: unknown }): boolean =>
  error.code === ErrorCode.AuthorizationError;
