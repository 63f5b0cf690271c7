import { z } from "zod";
import { refused } from "../../../src/commands/run/compose-reply.ts";
import type { CommandReply } from "../../../src/reply.ts";
import type { Clients } from "../api/clients.ts";
import { outsideThreads } from "../place.ts";
import { renderReply } from "../render/render.ts";
import { noticeModal } from "../views/settings-modals.ts";
import { updateModal } from "../views/show-view.ts";
import type { Interaction } from "../wire/interaction.ts";
import type { Workspace } from "../workspaces.ts";

export interface RespondPorts {
  readonly clients: (workspace: Workspace) => Pick<Clients, "finals" | "progress">;
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
  { clients, onProblem }: RespondPorts,
  workspace: Workspace,
  url: string | undefined,
  { reply, channel, user }: Response,
): Promise<void> {
  const message = renderReply(reply);
  const type = reply.visibleTo === "everyone" ? "in_channel" : "ephemeral";
  const sent = { response_type: type, replace_original: false, ...message };
  try {
    if (await sendTo(url, sent)) return;
    if (channel === undefined) return;
    const method = type === "in_channel" ? "chat.postMessage" : "chat.postEphemeral";
    const args = { channel, ...(type === "ephemeral" && { user }), ...message };
    await clients(workspace).finals.call(method, args, z.unknown());
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

/** Whether Slack accepted it. */
async function sendTo(url: string | undefined, message: object): Promise<boolean> {
  if (url === undefined || !URL.canParse(url)) return false;
  const request = {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(RESPOND_MS),
  };
  return fetch(url, request).then(
    ({ ok }) => ok,
    () => false,
  );
}
