import { randomUUID } from "node:crypto";
import type { App } from "@slack/bolt";
import { z } from "zod";
import type { CommandReply } from "../../../src/reply.ts";
import { refusalFor } from "../intake/ask-command.ts";
import { showHome } from "../views/home.ts";
import { FIELDS, noticeModal } from "../views/settings-modals.ts";
import { originOfClick } from "../people/origin.ts";
import { ANY_CALLBACK } from "../views/modal.ts";
import { renderReply } from "../render/render.ts";
import { ANY_ACTION, ASK_SHORTCUT } from "../render/buttons.ts";
import type { Workspace } from "../workspaces.ts";
import { checkOrigin } from "./check-origin.ts";
import { type InteractionPorts, outsideThreads, updateModal } from "./interaction-ports.ts";
import { installationOfInteraction, Interaction, SlashCommand } from "../wire/interaction.ts";
import { HomeOpened } from "../wire/event.ts";
import { readPress } from "./read-press.ts";
import { opensSomething, takePress } from "./take-press.ts";
import { takeShortcut } from "./take-shortcut.ts";
import { takeSlash } from "./take-slash.ts";
import { takeSubmission } from "./take-submission.ts";

/** Hears clicks, modals, slash commands, the shortcut and the home tab. What changes something is acknowledged when it is stored. */
export function listenForInteractions(app: App, ports: InteractionPorts): void {
  app.action(ANY_ACTION, async ({ ack, body }) => {
    const { interaction, workspace, isForged } = await read(ports, body);
    if (interaction && workspace && isForged) {
      await ack();
      return refuseClick(ports, workspace, interaction, OUTDATED);
    }
    const press =
      interaction &&
      workspace &&
      readPress(interaction, workspace, (at) => ports.posted.find(at)?.conversation);
    if (!press) return ack();
    const refusal = opensSomething(press) && (await refusalFor(ports, workspace, press));
    if (!refusal) return takePress(ports, workspace, press, () => ack());
    await ack();
    await refuseClick(ports, workspace, interaction, refusal.title);
  });
  app.view({ callback_id: ANY_CALLBACK, type: "view_submission" }, async ({ ack, body }) => {
    const { interaction, workspace, isForged } = await read(ports, body);
    if (!interaction || !workspace) return ack();
    if (isForged) return ack(outdatedForm(interaction));
    const { isOfHome } = await takeSubmission(ports, workspace, interaction, (response) =>
      response ? ack({ ...response, errors: { ...response.errors } }) : ack(),
    );
    const { id: user } = interaction.user;
    const asking = { user, origin: originOfClick(workspace, interaction) };
    const eventId = `switched:${randomUUID()}`;
    if (isOfHome) await showHome(ports, workspace, { ...asking, eventId });
  });
  app.shortcut({ callback_id: ASK_SHORTCUT, type: "message_action" }, async ({ ack, body }) => {
    const { interaction, workspace } = await read(ports, body);
    if (!interaction || !workspace) return ack();
    const reply = await takeShortcut(ports, workspace, interaction);
    await ack();
    if (!reply.ok) await respond(ports, workspace, interaction.response_url, { reply });
  });
  listenForCommands(app, ports);
}

function listenForCommands(app: App, ports: InteractionPorts): void {
  // Whatever the command is called in the app's settings, it is ours.
  app.command(/./, async ({ ack, body }) => {
    const { data: slash } = SlashCommand.safeParse(body);
    const workspace =
      slash && (await ports.workspaces.of(slash.team_id ?? "", slash.enterprise_id));
    if (!slash || !workspace) return ack();
    const reply = await takeSlash(ports, workspace, slash);
    await ack();
    const channel = { channel: slash.channel_id, user: slash.user_id };
    await respond(ports, workspace, slash.response_url, { reply, ...channel });
  });
  app.event("app_home_opened", async ({ body }) => {
    const { data } = HomeOpened.safeParse(body);
    if (!data || data.event.tab === "messages") return;
    const team = data.context_team_id ?? data.team_id ?? "";
    const workspace = await ports.workspaces.of(team, data.enterprise_id);
    if (!workspace) return;
    const eventId = data.event_id ?? data.event.event_ts ?? "";
    // Slack shows an app's home to members alone.
    await showHome(ports, workspace, { user: data.event.user, origin: "presumed", eventId });
  });
}

async function read(ports: InteractionPorts, body: unknown) {
  const { data: interaction } = Interaction.safeParse(body);
  if (!interaction) return {};
  const { team, enterprise } = installationOfInteraction(interaction);
  const told = await ports.workspaces.of(team, enterprise);
  const author = interaction.message?.user;
  // In a channel that workspaces share, whoever presses may be from another one than whose message it is.
  const isOwn = author === undefined || author === told?.botUser;
  const workspace = (isOwn ? undefined : await ports.workspaceOfBot(author)) ?? told;
  if (!workspace) return { interaction };
  const checked = checkOrigin(interaction, workspace);
  return { interaction: checked ?? interaction, workspace, isForged: checked === undefined };
}

const OUTDATED = "This is out of date. Please open it again.";

/** Shown at the form's first field. */
const outdatedForm = ({ view }: Interaction) => {
  const [field = FIELDS.team.block] = Object.keys(view.state?.values ?? {});
  return { response_action: "errors", errors: { [field]: OUTDATED } } as const;
};

/** Says nothing about what was named: it may be another workspace's. */
async function refuseClick(
  ports: InteractionPorts,
  workspace: Workspace,
  interaction: Interaction,
  title: string,
) {
  const { view, response_url: url } = interaction;
  if (view.id !== undefined) {
    const notice = noticeModal("Not possible", outsideThreads(workspace.team), title);
    return updateModal(ports, workspace, view.id, notice);
  }
  const reply = { title, blocks: [], visibleTo: "asker", ok: false } as const;
  return respond(ports, workspace, url, { reply });
}

/** Answers where Slack says, which needs no membership in the channel; else in the channel, to the person alone. Never rejects. */
async function respond(
  { clients, onProblem }: InteractionPorts,
  workspace: Workspace,
  url: string | undefined,
  told: { reply: CommandReply; channel?: string; user?: string },
): Promise<void> {
  const { reply, channel, user } = told;
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

/** How long Slack may take, ms. */
const RESPOND_MS = 5_000;

/** Whether it was taken. */
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
