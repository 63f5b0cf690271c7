import { randomUUID } from "node:crypto";
import type { App } from "@slack/bolt";
import type { Commands } from "../intake/run-command.ts";
import { originOfClick } from "../people/origin.ts";
import type { PostedMessages } from "../post/own-messages.ts";
import { ANY_ACTION, ASK_SHORTCUT } from "../render/buttons.ts";
import { type HomePorts, showHome } from "../views/home.ts";
import { ANY_CALLBACK } from "../views/modal.ts";
import { FIELDS } from "../views/settings-modals.ts";
import { HomeOpened } from "../wire/event.ts";
import { type Interaction, SlashCommand } from "../wire/interaction.ts";
import { readInteraction, type ReadInteractionPorts, readPress } from "./read-interaction.ts";
import { refuseClick, respond, type RespondPorts } from "./respond.ts";
import { opensModal, type PressPorts, takePress } from "./take-press.ts";
import { type ShortcutPorts, takeShortcut } from "./take-shortcut.ts";
import { type SlashPorts, takeSlash } from "./take-slash.ts";
import { takeSubmission } from "./take-submission.ts";

/** What each kind of interaction works with. */
export interface InteractionPorts {
  readonly reading: ReadInteractionPorts;
  readonly responding: RespondPorts;
  readonly posted: Pick<PostedMessages, "find">;
  readonly commands: Commands;
  readonly press: PressPorts;
  readonly shortcut: ShortcutPorts;
  readonly slash: SlashPorts;
  readonly home: HomePorts;
}

/** Listens for button clicks, modals, slash commands, the shortcut and the home tab. What changes something is acknowledged once it is stored. */
export function listenForInteractions(app: App, ports: InteractionPorts): void {
  const { reading, responding } = ports;
  app.action(ANY_ACTION, async ({ ack, body }) => {
    const read = await readInteraction(reading, body);
    if (!read) return ack();
    const { interaction, workspace, isForged } = read;
    if (isForged) {
      await ack();
      return refuseClick(responding, workspace, interaction, OUTDATED);
    }
    const press = readPress(interaction, workspace, (at) => ports.posted.find(at)?.conversation);
    if (!press) return ack();
    const refusal = opensModal(press) && (await ports.commands.refusalFor(workspace, press));
    if (!refusal) return takePress(ports.press, workspace, press, () => ack());
    await ack();
    await refuseClick(responding, workspace, interaction, refusal.title);
  });
  app.view({ callback_id: ANY_CALLBACK, type: "view_submission" }, async ({ ack, body }) => {
    const read = await readInteraction(reading, body);
    if (!read) return ack();
    const { interaction, workspace, isForged } = read;
    if (isForged) return ack(outdatedForm(interaction));
    const { isOfHome } = await takeSubmission(ports.press, workspace, interaction, (response) =>
      response ? ack({ ...response, errors: { ...response.errors } }) : ack(),
    );
    const { id: user } = interaction.user;
    const origin = originOfClick(workspace, interaction);
    const eventId = `switched:${randomUUID()}`;
    if (isOfHome) await showHome(ports.home, workspace, { user, origin, eventId });
  });
  app.shortcut({ callback_id: ASK_SHORTCUT, type: "message_action" }, async ({ ack, body }) => {
    const read = await readInteraction(reading, body);
    if (!read) return ack();
    const { interaction, workspace } = read;
    const reply = await takeShortcut(ports.shortcut, workspace, interaction);
    await ack();
    if (!reply.ok) await respond(responding, workspace, interaction.response_url, { reply });
  });
  listenForCommands(app, ports);
}

function listenForCommands(app: App, ports: InteractionPorts): void {
  const { reading, responding } = ports;
  // The app has one slash command, whatever its settings call it.
  app.command(/./, async ({ ack, body }) => {
    const { data: slash } = SlashCommand.safeParse(body);
    const workspace =
      slash && (await reading.workspaces.of(slash.team_id ?? "", slash.enterprise_id));
    if (!slash || !workspace) return ack();
    const reply = await takeSlash(ports.slash, workspace, slash);
    await ack();
    const channel = { channel: slash.channel_id, user: slash.user_id };
    await respond(responding, workspace, slash.response_url, { reply, ...channel });
  });
  app.event("app_home_opened", async ({ body }) => {
    const { data } = HomeOpened.safeParse(body);
    if (!data || data.event.tab === "messages") return;
    const team = data.context_team_id ?? data.team_id ?? "";
    const workspace = await reading.workspaces.of(team, data.enterprise_id);
    if (!workspace) return;
    const eventId = data.event_id ?? data.event.event_ts ?? "";
    // Slack shows an app's home to members alone.
    await showHome(ports.home, workspace, { user: data.event.user, origin: "presumed", eventId });
  });
}

const OUTDATED = "This is out of date. Please open it again.";

/** The error shows at the form's first field. */
const outdatedForm = ({ view }: Interaction) => {
  const [field = FIELDS.team.block] = Object.keys(view.state?.values ?? {});
  return { response_action: "errors", errors: { [field]: OUTDATED } } as const;
};
