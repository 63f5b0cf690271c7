import type { Deliveries } from "../events/deliveries.ts";
import { isFields, present, textIn, type Fields } from "../state/fields.ts";
import type { Message } from "../state/message.ts";
import type { Spot } from "../state/talk.ts";
import type { User } from "../state/user.ts";
import { wireView, type View } from "../state/view.ts";
import { wireMessage } from "../state/wire-message.ts";
import type { Workspace } from "../state/workspace.ts";
import type { World } from "../state/world.ts";
import type { ResponseUrls } from "./response-urls.ts";
import { controlsIn } from "./seen.ts";
import type { Triggers } from "./triggers.ts";

export interface InteractionPorts {
  readonly world: World;
  readonly deliveries: Deliveries;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
}

/** What a click chooses: the value of one of several, or an option. */
export interface Choice {
  readonly value?: string;
  /** Of `feedback_buttons`: which of the two; by its text. */
  readonly text?: string;
}

/** Sends what people do with the app's buttons; each resolves with what the app acknowledged it with. */
export interface Interactions {
  click(spot: Spot, user: User, message: Message, click: Click): Promise<unknown>;
  clickInView(workspace: Workspace, user: User, view: View, click: Click): Promise<unknown>;
  submit(workspace: Workspace, user: User, view: View): Promise<unknown>;
  closed(workspace: Workspace, user: User, view: View): Promise<unknown>;
  shortcut(spot: Spot, user: User, message: Message, callbackId: string): Promise<unknown>;
  command(spot: Spot, user: User, command: string, text: string): Promise<unknown>;
}

export interface Click {
  readonly control: Fields;
  readonly choice: Choice;
}

export function createInteractions(ports: InteractionPorts): Interactions {
  const { world, deliveries, triggers, responseUrls } = ports;
  const send = async (kind: "interactive" | "slash_commands", payload: Fields) => {
    const receipt = await deliveries.send({ kind, payload });
    if (receipt.isAcked) return receipt.body;
    const what = textIn(payload, "type") ?? textIn(payload, "command") ?? kind;
    world.reject(`${what} was not acknowledged (${receipt.reason})`);
    return undefined;
  };
  const common = (workspace: Workspace, user: User, type: string): Fields => ({
    type,
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team },
    api_app_id: world.app.id,
    token: "verification-token",
    trigger_id: triggers.issue(user.id),
    team: { id: workspace.id, domain: workspace.domain },
    enterprise: workspace.enterprise ?? null,
    is_enterprise_install: workspace.install?.isOrgWide ?? false,
  });
  const app = (workspace: Workspace) => ({
    id: world.app.id,
    botId: workspace.install?.botId,
  });

  return {
    click(spot, user, message, { control, choice }) {
      const { workspace, channel } = spot;
      const isEphemeral = message.isEphemeralFor !== undefined;
      const wire = wireMessage(message, { ...spot, origin: world.origin(), withMetadata: true });
      return send("interactive", {
        ...common(workspace, user, "block_actions"),
        container: present({
          type: "message",
          message_ts: message.ts,
          channel_id: channel.id,
          is_ephemeral: isEphemeral,
          thread_ts: message.threadTs,
        }),
        channel: { id: channel.id, name: channel.kind === "im" ? "directmessage" : channel.name },
        ...(!isEphemeral && { message: wire }),
        state: { values: {} },
        response_url: responseUrls.issue(spot, user.id, message),
        actions: [actionOf(world, message.blocks ?? [], control, choice)],
      });
    },
    clickInView(workspace, user, view, { control, choice }) {
      const blocks = Array.isArray(view.body["blocks"]) ? view.body["blocks"].filter(isFields) : [];
      return send("interactive", {
        ...common(workspace, user, "block_actions"),
        container: { type: "view", view_id: view.id },
        view: wireView(view, app(workspace)),
        actions: [actionOf(world, blocks, control, choice)],
      });
    },
    submit: (workspace, user, view) =>
      send("interactive", {
        ...common(workspace, user, "view_submission"),
        view: wireView(view, app(workspace)),
        response_urls: [],
      }),
    closed: (workspace, user, view) =>
      send("interactive", {
        ...common(workspace, user, "view_closed"),
        view: wireView(view, app(workspace)),
        is_cleared: false,
      }),
    shortcut(spot, user, message, callbackId) {
      const wire = wireMessage(message, { ...spot, origin: world.origin(), withMetadata: false });
      return send("interactive", {
        ...common(spot.workspace, user, "message_action"),
        action_ts: world.nextTs(),
        callback_id: callbackId,
        response_url: responseUrls.issue(spot, user.id),
        message_ts: message.ts,
        channel: { id: spot.channel.id, name: spot.channel.name },
        message: wire,
      });
    },
    command: (spot, user, command, text) =>
      send("slash_commands", {
        token: "verification-token",
        team_id: spot.workspace.id,
        team_domain: spot.workspace.domain,
        channel_id: spot.channel.id,
        channel_name: spot.channel.kind === "im" ? "directmessage" : spot.channel.name,
        user_id: user.id,
        user_name: user.name,
        command,
        text,
        api_app_id: world.app.id,
        is_enterprise_install: String(spot.workspace.install?.isOrgWide ?? false),
        response_url: responseUrls.issue(spot, user.id),
        trigger_id: triggers.issue(user.id),
      }),
  };
}

function actionOf(
  world: World,
  blocks: readonly Fields[],
  control: Fields,
  choice: Choice,
): Fields {
  const block = blocks.find((candidate) => controlsIn(candidate).includes(control));
  const common = {
    action_id: control["action_id"],
    block_id: block?.["block_id"],
    type: control["type"],
    action_ts: world.nextTs(),
  };
  const options = [control["positive_button"], control["negative_button"]].filter(isFields);
  if (options.length > 0) return { ...common, ...chosenHalf(options, choice) };
  const list = optionsOf(control);
  if (!list) return present({ ...common, text: control["text"], value: control["value"] });
  const option = list.find(({ value }) => value === choice.value);
  if (!option) throw new Error(`There is no option ${choice.value} to choose.`);
  return { ...common, selected_option: option, placeholder: control["placeholder"] };
}

/** Of a select, in groups or not. */
function optionsOf({ options, option_groups: groups }: Fields): readonly Fields[] | undefined {
  if (Array.isArray(options)) return options.filter(isFields);
  if (!Array.isArray(groups)) return undefined;
  return groups.filter(isFields).flatMap((group) => optionsOf(group) ?? []);
}

function chosenHalf(halves: readonly Fields[], { value, text }: Choice): Fields {
  const half = halves.find(
    (candidate) =>
      candidate["value"] === value || (text && JSON.stringify(candidate["text"]).includes(text)),
  );
  if (!half) throw new Error(`There is no feedback button ${value ?? text}.`);
  return { text: half["text"], value: half["value"] };
}
