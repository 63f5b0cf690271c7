import type { App } from "@slack/bolt";
import { PlatformError } from "../../../src/platform.ts";
import type { SlackPorts } from "../slack-ports.ts";

/** What may happen to an installation and its channels while Parley runs. */
export function listenForEnds(
  app: App,
  {
    settings,
    onProblem,
    onFatal,
  }: Pick<SlackPorts, "settings" | "onProblem"> & { onFatal: (error: unknown) => void },
): void {
  // Slack gives a channel a new id when it becomes shared. A thread goes on under it with the next mention, its history is Slack's.
  app.event("channel_id_changed", async ({ event }) => {
    onProblem(
      new Error(
        `Slack gave the channel ${event.old_channel_id} the new id ${event.new_channel_id}: the team and the mode set for it have to be set again.`,
      ),
    );
  });
  // With OAuth other workspaces go on.
  if (settings.oauth) return;
  const end = (what: string): void =>
    onFatal(
      new PlatformError(
        "rejected",
        `${what}: reinstall it under https://api.slack.com/apps → your app → Install App, and set the new SLACK_BOT_TOKEN.`,
      ),
    );
  app.event("app_uninstalled", async () => end("The app was removed from the workspace"));
  app.event("tokens_revoked", async ({ event }) => {
    if ((event.tokens.bot ?? []).length > 0) end("The app's bot token was revoked");
  });
}
