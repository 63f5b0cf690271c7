import { escapedTyping, richTextOf } from "../blocks/rich-text.ts";
import { channelTypeOf, type Channel } from "../state/channel.ts";
import { isFields, textIn } from "../state/fields.ts";
import { createFile, type FileOptions } from "../state/file.ts";
import type { Message } from "../state/message.ts";
import type { Spot, Talk } from "../state/talk.ts";
import type { User } from "../state/user.ts";
import type { Workspace } from "../state/workspace.ts";
import type { World } from "../state/world.ts";
import type { Choice, Interactions } from "./interactions.ts";
import { controlIn, createScreens, type Screens } from "./modals.ts";

type Target = Pick<Message, "channel" | "ts">;

export interface SayOptions {
  /** Ts of the thread's root. */
  readonly thread?: string;
  readonly files?: readonly FileOptions[];
  /** A reply that is shown in the channel too. */
  readonly broadcast?: boolean;
  /** The app hears nothing of it: it was away. */
  readonly missed?: boolean;
  /** "me_message". */
  readonly subtype?: string;
}

/** Somebody in a workspace. What is said and done happens at once; the app hears of it in its own time. */
export interface Person extends Screens {
  readonly id: string;
  /** Mentions are written "<@U1>"; what else looks like markup is escaped, as Slack does. */
  says(channel: string, text: string, options?: SayOptions): Message;
  edits(message: Target, text: string): void;
  deletes(message: Target): void;
  reacts(message: Target, emoji: string): void;
  unreacts(message: Target, emoji: string): void;
  /** By action id or by what stands on the button. Resolves with what the app acknowledged it with. */
  clicks(message: Target, button: string, choice?: Choice): Promise<unknown>;
  /** "/parley teams": in a channel, since threads have no commands. What the app answers at once is shown to this person alone. */
  runs(command: string, where: { readonly channel: string }): Promise<unknown>;
  /** A message shortcut. */
  uses(callbackId: string, message: Target): Promise<unknown>;
  opensHome(tab?: "home" | "messages"): void;
  /** The native Stop button of an agent's session. */
  pressesStop(message: { readonly channel: string; readonly thread: string }): void;
  /** Brings the app into a channel. */
  invitesApp(channel: string): void;
}

export interface PersonPorts {
  readonly world: World;
  readonly workspace: Workspace;
  readonly talk: Talk;
  readonly interactions: Interactions;
}

export function createPerson(ports: PersonPorts, user: User): Person {
  const { world, workspace, talk, interactions } = ports;
  const spotOf = (id: string): Spot => ({ workspace, channel: memberChannel(workspace, id, user) });
  const find = ({ channel: id, ts }: Target): Spot & { message: Message } => {
    const spot = spotOf(id);
    const whispers = spot.channel.ephemerals;
    const message = spot.channel.messages.get(ts) ?? whispers.find((whisper) => whisper.ts === ts);
    if (!message) throw new Error(`There is no message ${ts} in ${id}.`);
    return { ...spot, message };
  };
  const react = (target: Target, name: string, isOn: boolean): void => {
    const { message, ...spot } = find(target);
    talk.react(spot, message, { name, user: user.id, isOn });
  };

  return {
    id: user.id,
    ...createScreens({ world, workspace, user, interactions }),
    says: (channel, text, options) => say(ports, user, spotOf(channel), { text, ...options }),
    edits(target, typed) {
      const { message, ...spot } = find(target);
      if (message.user !== user.id) throw new Error(`${user.id} cannot edit ${target.ts}.`);
      const text = escapedTyping(typed);
      const blocks = [richTextOf(text, world.nextId("b"))];
      talk.edit(spot, message, { text, blocks, isEditedShown: true }, user.id);
    },
    deletes(target) {
      const { message, ...spot } = find(target);
      talk.remove(spot, message);
    },
    reacts: (target, emoji) => react(target, emoji, true),
    unreacts: (target, emoji) => react(target, emoji, false),
    clicks(target, button, choice = { text: button }) {
      const { message, ...spot } = find(target);
      const control = controlIn(message.blocks ?? [], button);
      return interactions.click(spot, user, message, { control, choice });
    },
    async runs(line, where) {
      const [command = "", ...words] = line.split(" ");
      const spot = spotOf(where.channel);
      const body = await interactions.command(spot, user, command, words.join(" "));
      whisper(ports, spot, user, body);
      return body;
    },
    uses(callbackId, target) {
      const { message, ...spot } = find(target);
      return interactions.shortcut(spot, user, message, callbackId);
    },
    opensHome: (tab = "home") =>
      world.emit(workspace, {
        type: "app_home_opened",
        user: user.id,
        channel: directChannel(workspace, user)?.id ?? world.nextId("D"),
        tab,
        event_ts: world.nextTs(),
      }),
    pressesStop: ({ channel, thread }) =>
      world.emit(workspace, {
        type: "agent_session_stopped",
        channel,
        thread_ts: thread,
        user: user.id,
        streaming_message_ts: [],
        event_ts: world.nextTs(),
      }),
    invitesApp: (id) => inviteApp(ports, user, id),
  };
}

function memberChannel(workspace: Workspace, id: string, user: User): Channel {
  const channel = workspace.channels.get(id);
  if (!channel) throw new Error(`There is no channel ${id}.`);
  if (!channel.members.has(user.id)) throw new Error(`${user.id} is not in ${id}.`);
  return channel;
}

const directChannel = ({ channels, install }: Workspace, user: User): Channel | undefined =>
  [...channels.values()].find(
    ({ kind, members }) =>
      kind === "im" && members.has(user.id) && members.has(install?.botUser ?? ""),
  );

function say(
  { world, workspace, talk }: PersonPorts,
  user: User,
  spot: Spot,
  said: SayOptions & { readonly text: string },
): Message {
  const text = escapedTyping(said.text);
  const owner = { team: user.team, user: user.id };
  const files = (said.files ?? []).map((file) => createFile(world.nextId("F"), owner, file));
  for (const file of files) {
    // Files of other organisations are found in the workspace they are shared into.
    workspace.files.set(file.id, { ...file, team: workspace.id });
  }
  const isBot = user.botId !== undefined;
  const draft = {
    user: user.id,
    botId: user.botId,
    clientMsgId: isBot ? undefined : crypto.randomUUID(),
    team: user.team,
    text,
    blocks: text === "" || isBot ? undefined : [richTextOf(text, world.nextId("b"))],
    files: files.map(({ id }) => id),
    threadTs: said.thread,
    subtype: said.broadcast ? "thread_broadcast" : said.subtype,
  };
  return talk.post(spot, draft, said.missed);
}

/** What a command is acknowledged with is shown to whoever gave it, or to all where it says so. */
function whisper({ world, workspace, talk }: PersonPorts, spot: Spot, user: User, body: unknown) {
  const said = typeof body === "string" ? { text: body } : isFields(body) ? body : {};
  const text = textIn(said, "text") ?? "";
  const blocks = Array.isArray(said["blocks"]) ? said["blocks"].filter(isFields) : undefined;
  if (text === "" && !blocks) return;
  talk.post(spot, {
    user: workspace.install?.botUser,
    botId: workspace.install?.botId,
    appId: world.app.id,
    team: workspace.id,
    text,
    blocks,
    ...(said["response_type"] !== "in_channel" && { isEphemeralFor: user.id }),
  });
}

function inviteApp({ world, workspace }: PersonPorts, user: User, id: string): void {
  const channel = memberChannel(workspace, id, user);
  const bot = workspace.install?.botUser;
  if (bot === undefined) throw new Error("The app is not installed.");
  channel.members.add(bot);
  world.emit(workspace, {
    type: "member_joined_channel",
    user: bot,
    channel: id,
    channel_type: channelTypeOf(channel) === "channel" ? "C" : "G",
    team: workspace.id,
    inviter: user.id,
    event_ts: world.nextTs(),
  });
}
