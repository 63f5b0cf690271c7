import { createPerson, type Person } from "./people/person.ts";
import { seen, seenThread, type Seen } from "./people/seen.ts";
import type { Interactions } from "./people/interactions.ts";
import { createChannel, type ChannelOptions, type NativeStatus } from "./state/channel.ts";
import type { Message } from "./state/message.ts";
import type { Talk } from "./state/talk.ts";
import { createUser, type User, type UserOptions } from "./state/user.ts";
import type { Workspace } from "./state/workspace.ts";
import type { World } from "./state/world.ts";
import { installApp, type InstallOptions } from "./install.ts";

/** A workspace, as tests set it up and look at it. */
export interface Room {
  readonly id: string;
  /** The app's bot token there; "" where it is not installed. */
  readonly token: () => string;
  /** The app's own user: what people mention. */
  readonly bot: () => string;
  /** Throws when there is none. */
  user(id: string): Person;
  addUser(id: string, options?: UserOptions): Person;
  /** With everybody in it, the app too, unless it says who. */
  addChannel(id: string, options?: ChannelOptions): string;
  addGroup(id: string, members: readonly string[]): void;
  /** The app's direct messages with a person. */
  dm(user: string): string;
  /** A thread with its root as people see it; `as`: with what that person alone is shown. */
  thread(channel: string, ts: string, as?: string): readonly Seen[];
  /** What stands in the channel itself, and what one person alone is shown there. */
  top(channel: string, as?: string): readonly Seen[];
  /** The native sign that the app is at work in a thread. */
  native(channel: string, thread: string): NativeStatus | undefined;
  archive(channel: string): void;
  /** A link preview is added to a message: an edit that nobody made. */
  unfurl(message: Pick<Message, "channel" | "ts">): void;
  install(options?: InstallOptions): void;
  /** The app is thrown out, and told so. */
  uninstall(): void;
  /** Takes a scope away without a word. */
  withoutScope(scope: string): void;
  /** For what tests need that nobody can see. */
  readonly state: Workspace;
}

export interface RoomPorts {
  readonly world: World;
  readonly talk: Talk;
  readonly interactions: Interactions;
  readonly gone: Set<string>;
}

export function createRoom(ports: RoomPorts, workspace: Workspace): Room {
  const { world, talk } = ports;
  const person = (user: User) => createPerson({ ...ports, workspace }, user);
  const bot = () => workspace.install?.botUser ?? "";
  const channelOf = (id: string) => {
    const channel = workspace.channels.get(id);
    if (!channel) throw new Error(`There is no channel ${id} in ${workspace.id}.`);
    return channel;
  };
  const addChannel: Room["addChannel"] = (id, options = {}) => {
    const members = options.members ?? workspace.users.keys();
    workspace.channels.set(id, createChannel(id, { ...options, members }));
    return id;
  };

  return {
    id: workspace.id,
    state: workspace,
    token: () => workspace.install?.token ?? "",
    bot,
    user(id) {
      const user = workspace.users.get(id);
      if (!user) throw new Error(`There is no user ${id} in ${workspace.id}.`);
      return person(user);
    },
    addUser(id, options) {
      const user = createUser(id, workspace.id, options);
      workspace.users.set(id, user);
      return person(user);
    },
    addChannel,
    addGroup: (id, members) => void workspace.groups.set(id, { id, handle: id, members }),
    dm(user) {
      const known = [...workspace.channels.values()].find(
        ({ kind, members }) => kind === "im" && members.has(user),
      );
      return known?.id ?? addChannel(world.nextId("D"), { kind: "im", members: [user, bot()] });
    },
    thread: (channel, ts, as) => seenThread(workspace, channelOf(channel), ts, as),
    top(id, as) {
      const { messages, ephemerals } = channelOf(id);
      const whispers = ephemerals.filter(({ isEphemeralFor }) => isEphemeralFor === as);
      return [...messages.values(), ...whispers]
        .filter(({ threadTs, ts }) => threadTs === undefined || threadTs === ts)
        .map((message) => seen(workspace, message));
    },
    native: (channel, thread) => channelOf(channel).native.get(thread),
    archive: (channel) => void (channelOf(channel).isArchived = true),
    unfurl({ channel: id, ts }) {
      const channel = channelOf(id);
      const message = channel.messages.get(ts);
      if (!message) throw new Error(`There is no message ${ts} in ${id}.`);
      talk.unfurl({ workspace, channel }, message, {
        id: 1,
        title: "A page",
        from_url: "https://e.x",
      });
    },
    install: (options) => installApp(world, workspace, options),
    uninstall() {
      const token = workspace.install?.token;
      world.emit(workspace, { type: "app_uninstalled" });
      world.emit(workspace, { type: "tokens_revoked", tokens: { oauth: [], bot: [bot()] } });
      if (token !== undefined) ports.gone.add(token);
      workspace.install = undefined;
    },
    withoutScope: (scope) => void workspace.install?.scopes.delete(scope),
  };
}
