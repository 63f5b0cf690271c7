import { webApi } from "@slack/bolt";
import { refused } from "../../../src/commands/run/compose-reply.ts";
import type { CommandReply } from "../../../src/reply.ts";
import type { Clients } from "../api/clients.ts";
import { toPlatformError } from "../api/errors.ts";
import { outsideThreads } from "../place.ts";
import { type BlockFallback, formsOfReply } from "../post/block-fallback.ts";
import { send, tellPrivately } from "../post/send.ts";
import type { SlackText } from "../render/blocks.ts";
import { noticeModal } from "../views/settings-modals.ts";
import { updateModal } from "../views/show-view.ts";
import type { Interaction } from "../wire/interaction.ts";
import type { Workspace } from "../workspaces.ts";

export interface RespondPorts {
  readonly clients: (workspace: Workspace) => Pick<Clients, "finals" | "progress">;
  readonly blocks: BlockFallback;
  readonly onProblem: (problem: unknown) => void;
}

/** A reply, and where it goes without a `response_url`. */
export interface Response {
  readonly reply: CommandReply;
  readonly channel?: string;
  readonly user?: string;
}

/** Answers at the `response_url`, which needs no membership in the channel; else in the channel, to that person alone. Never rejects. */
export async function respond(
  { clients, blocks, onProblem }: RespondPorts,
  workspace: Workspace,
  url: string | undefined,
  { reply, channel, user }: Response,
): Promise<void> {
  if (reply.visibleTo === "nobody") return;
  const isPublic = reply.visibleTo === "everyone";
  const type = isPublic ? "in_channel" : "ephemeral";
  const say = <T>(call: (message: SlackText) => Promise<T>): Promise<T> =>
    blocks.send(workspace.team, formsOfReply(reply), call);
  const respondTo = (message: SlackText) =>
    sendTo(url, { response_type: type, replace_original: false, ...message });
  try {
    if (await say(respondTo).catch(() => false)) return;
    if (channel === undefined) return;
    const { finals } = clients(workspace);
    if (isPublic) await say((message) => send(finals, "chat.postMessage", message, { channel }));
    else if (user !== undefined) await tellPrivately(finals, { channel, user }, say);
  } catch (problem) {
    onProblem(problem);
  }
}

/** Refuses a click in words that say nothing about what it named: that may be another workspace's. Never rejects. */
export async function refuseClick(
  ports: RespondPorts,
  workspace: Workspace,
  { view, response_url: url }: Interaction,
  title: string,
): Promise<void> {
  if (view.id !== undefined) {
    const notice = noticeModal("Not possible", outsideThreads(workspace.team), title);
    return updateModal(ports, workspace, view.id, notice);
  }
  return respond(ports, workspace, url, { reply: refused(title, []) });
}

/** How long Slack may take, ms. */
const RESPOND_MS = 5_000;

/** Whether Slack accepted it. Rejects with a `PlatformError` if Slack names an error. */
async function sendTo(url: string | undefined, message: object): Promise<boolean> {
  if (url === undefined || !URL.canParse(url)) return false;
  const request = {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(RESPOND_MS),
  };
  const response = await fetch(url, request).catch(() => undefined);
  if (!response || response.ok) return response !== undefined;
  const error = /\b[a-z]+(?:_[a-z]+)+\b/.exec(await response.text().catch(() => ""))?.[0];
  if (error === undefined) return false;
  throw toPlatformError(new webApi.WebAPIPlatformError({ ok: false, error }), "response_url");
}
