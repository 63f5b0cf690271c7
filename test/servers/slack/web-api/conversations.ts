import { z } from "zod";
import { createChannel, scopeOf, type Channel } from "../state/channel.ts";
import { present, type Fields } from "../state/fields.ts";
import { ApiError } from "./api-error.ts";
import { count, flag } from "./arguments.ts";
import {
  channelOf,
  directMessages,
  method,
  requireScope,
  type Caller,
  type Method,
} from "./method.ts";
import { pageOf } from "./pages.ts";

const READ_SCOPES = ["channels:read", "groups:read", "im:read", "mpim:read"];
const page = { cursor: z.string().optional(), limit: count.optional() };
const types = { types: z.string().default("public_channel"), exclude_archived: flag.optional() };

export const conversationMethods: Readonly<Record<string, Method>> = {
  "conversations.info": method(
    { scopes: READ_SCOPES, tier: 3 },
    { channel: z.string(), include_num_members: flag.optional() },
    (caller, args) => {
      const channel = channelOf(caller, args.channel);
      requireScope(caller, [scopeOf(channel, "read")]);
      return { channel: wireChannel(caller, channel) };
    },
  ),
  "conversations.members": method(
    { scopes: READ_SCOPES, tier: 4 },
    { channel: z.string(), ...page },
    (caller, args) => {
      const { members } = channelOf(caller, args.channel);
      const { items, meta } = pageOf([...members], { ...paging(args), usual: 100 });
      return { members: items, response_metadata: meta };
    },
  ),
  "conversations.open": method(
    { scopes: ["im:write", "mpim:write"], tier: 3 },
    { users: z.string().optional(), channel: z.string().optional(), return_im: flag.optional() },
    (caller, args) => {
      if (args.channel) return { channel: wireChannel(caller, channelOf(caller, args.channel)) };
      const users = (args.users ?? "").split(",").filter((id) => id !== "");
      const channel = opened(caller, users);
      return { channel: args.return_im ? wireChannel(caller, channel) : { id: channel.id } };
    },
  ),
  "conversations.list": method(
    { scopes: READ_SCOPES, tier: 2 },
    { ...page, ...types },
    (caller, args) => listed(caller, args, () => true),
  ),
  "users.conversations": method(
    { scopes: READ_SCOPES, tier: 3 },
    { ...page, ...types, user: z.string().optional() },
    (caller, args) => {
      const user = args.user ?? caller.install.botUser;
      return listed(caller, args, ({ members }) => members.has(user));
    },
  ),
};

const paging = ({
  cursor,
  limit,
}: {
  cursor?: string | undefined;
  limit?: number | undefined;
}) => ({
  cursor,
  limit,
  most: 1000,
});

interface ListArguments {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
  readonly types: string;
  readonly exclude_archived?: boolean | undefined;
}

function listed(caller: Caller, args: ListArguments, isWanted: (channel: Channel) => boolean) {
  const kinds = args.types.split(",").map((type) => type.trim().replace(/_channel$/, ""));
  const channels = [...caller.workspace.channels.values()]
    .filter(({ kind }) => kinds.includes(kind))
    .filter(({ isArchived }) => !(args.exclude_archived && isArchived))
    .filter(({ kind, members }) => kind === "public" || members.has(caller.install.botUser))
    .filter(isWanted);
  const { items, meta } = pageOf(channels, { ...paging(args), usual: 100 });
  return { channels: items.map((item) => wireChannel(caller, item)), response_metadata: meta };
}

function opened({ workspace, install, world }: Caller, users: readonly string[]): Channel {
  if (users.length === 0 || users.some((id) => !workspace.users.has(id))) {
    throw new ApiError("user_not_found");
  }
  const [only] = users;
  const known =
    users.length === 1 && only ? directMessages(workspace, install.botUser, only) : undefined;
  if (known) return known;
  const kind = users.length === 1 ? "im" : "mpim";
  const members = [install.botUser, ...users];
  const channel = createChannel(world.nextId(kind === "im" ? "D" : "G"), { kind, members });
  workspace.channels.set(channel.id, channel);
  return channel;
}

function wireChannel({ workspace, install }: Caller, channel: Channel): Fields {
  const { id, kind, name, members, isArchived, isShared } = channel;
  const other = [...members].find((member) => member !== install.botUser);
  if (kind === "im") {
    return { id, created: 1767224888, is_im: true, is_archived: isArchived, user: other };
  }
  return present({
    id,
    name,
    name_normalized: name,
    is_channel: kind === "public",
    is_group: kind === "private",
    is_im: false,
    is_mpim: kind === "mpim",
    is_private: kind !== "public",
    is_archived: isArchived,
    is_general: false,
    is_shared: isShared,
    is_ext_shared: isShared,
    is_member: members.has(install.botUser),
    created: 1767224888,
    creator: other,
    context_team_id: workspace.id,
    topic: { value: "", creator: "", last_set: 0 },
    purpose: { value: "", creator: "", last_set: 0 },
    num_members: members.size,
  });
}
