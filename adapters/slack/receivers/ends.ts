import type { App } from "@slack/bolt";
import { PlatformError } from "../../../src/platform.ts";
import { REMOVED } from "../api/error-words.ts";
import { isTokenAlive, parseRemoval } from "../install/removals.ts";
import type { SlackPorts } from "../slack-ports.ts";

/** What may happen to an installation and its channels while Parley runs. */
export function listenForEnds(
  app: App,
  {
    settings,
    onProblem,
    onFatal,
    wallClock,
    forgetKeys,
  }: Pick<SlackPorts, "settings" | "onProblem" | "wallClock" | "forgetKeys"> & {
    readonly onFatal: (error: unknown) => void;
  },
): void {
  // Slack gives a channel a new id when it becomes shared. A thread goes on under it with the next mention, its history is Slack's.
  app.event("channel_id_changed", async ({ event }) => {
    onProblem(
      new Error(
        `Slack gave the channel ${event.old_channel_id} the new id ${event.new_channel_id}: the team and the mode set for it have to be set again.`,
      ),
    );
  });
  const { botToken, apiUrl } = settings;
  // With OAuth other workspaces go on.
  if (botToken === undefined) return;
  const startedAt = wallClock();
  const end = async ({ body }: { readonly body: unknown }): Promise<void> => {
    const removal = parseRemoval(body);
    if (!removal) return;
    const isAlive = await isTokenAlive(apiUrl, botToken);
    // Slack repeats an event for minutes: the app may have been installed again, and Parley started with its new token.
    const isLate = isAlive ?? (removal.event_time ?? Infinity) * 1000 < startedAt;
    if (isLate) return;
    if (removal.team_id !== undefined) await forgetKeys(removal.team_id).catch(onProblem);
    onFatal(new PlatformError("rejected", `${REMOVED}.`));
  };
  app.event("app_uninstalled", end);
  app.event("tokens_revoked", end);
}
