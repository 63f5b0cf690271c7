import { z } from "zod";
import { isTransientPlatformError } from "../../../src/adapter-kit/queue/retry.ts";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Client } from "../api/clients.ts";
import { slackCodeOf } from "../api/slack-failure.ts";
import type { SlackPlace } from "../place.ts";

/** Slack's own sign that an app is at work in a thread: by sessions since 2026, by the assistant's status before. */
export type NativeKind = "sessions" | "assistant";

const KINDS: readonly NativeKind[] = ["sessions", "assistant"];

/** The app is no agent, or lacks the scope: no call of this kind will ever work in that workspace. */
const UNSUPPORTED =
  /unknown_method|missing_scope|not_allowed_token|deprecated|agent|assistant|not_enabled|access_denied/;

const MOST_WORKSPACES = 5_000;

/** Sets or clears the sign with whatever the workspace has. Resolves with what worked; undefined: it has neither. Rejects with a `PlatformError`. */
export function createNativeStatus() {
  const unsupported = createBoundedMap<string, true>(MOST_WORKSPACES);
  return async (
    client: Client,
    place: SlackPlace,
    isWorking: boolean,
  ): Promise<NativeKind | undefined> => {
    for (const kind of KINDS) {
      const name = `${place.team}:${kind}`;
      if (unsupported.get(name)) continue;
      try {
        await call(client, place, { kind, isWorking });
        return kind;
      } catch (error) {
        if (isTransientPlatformError(error)) throw error;
        // A server that does not know the method may say so in its own way.
        const code = slackCodeOf(error) ?? "unknown_method";
        if (UNSUPPORTED.test(code)) unsupported.set(name, true);
        else if (kind === "assistant") return undefined;
      }
    }
    return undefined;
  };
}

async function call(
  client: Client,
  { channel, thread }: SlackPlace,
  { kind, isWorking }: { kind: NativeKind; isWorking: boolean },
): Promise<void> {
  const where = { channel_id: channel, thread_ts: thread };
  if (kind === "sessions") {
    const status = isWorking ? "processing" : "active";
    await client.call("agents.sessions.setStatus", { ...where, status }, z.unknown());
    return;
  }
  // An empty status takes it away.
  const status = isWorking ? "is asking the team…" : "";
  await client.call("assistant.threads.setStatus", { ...where, status }, z.unknown());
}
