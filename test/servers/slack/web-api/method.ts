import { z } from "zod";
import type { Channel } from "../state/channel.ts";
import type { Fields } from "../state/fields.ts";
import type { Talk } from "../state/talk.ts";
import type { Installation, Workspace } from "../state/workspace.ts";
import type { World } from "../state/world.ts";
import type { SocketMode } from "../events/socket-mode.ts";
import type { Triggers } from "../people/triggers.ts";
import { ApiError } from "./api-error.ts";
import { readArguments } from "./arguments.ts";
import type { Tier } from "./rate-limits.ts";

/** What methods work with. */
export interface ApiPorts {
  readonly world: World;
  readonly talk: Talk;
  readonly sockets: SocketMode;
  readonly triggers: Triggers;
  /** Tokens of installations that are no more. */
  readonly gone: ReadonlySet<string>;
  /** Codes of OAuth that wait to be exchanged. */
  readonly grants: Map<string, Workspace>;
  /** Most messages of a page of history, and the default; undefined: Slack's usual ones. */
  readonly historyPage: number | undefined;
}

/** Who calls without standing in a workspace. */
export interface AppCaller extends ApiPorts {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Who calls. */
export interface Caller extends AppCaller {
  readonly workspace: Workspace;
  readonly install: Installation;
}

interface Rules {
  /** Any of them will do. */
  readonly scopes?: readonly string[];
  readonly tier: Tier;
}

type Answer = Fields | Promise<Fields>;

/** `token`: which one it takes. */
export type Method = Required<Rules> &
  (
    | { readonly token: "bot"; run(caller: Caller, args: Fields): Answer }
    | { readonly token: "app" | "none"; run(caller: AppCaller, args: Fields): Answer }
  );

/** A method whose arguments are read before it runs. */
export const method = <S extends z.ZodRawShape>(
  { scopes = [], tier }: Rules,
  shape: S,
  run: (caller: Caller, args: z.infer<z.ZodObject<S>>) => Answer,
): Method => {
  const schema = z.object(shape);
  return {
    scopes,
    tier,
    token: "bot",
    run: (caller, args) => run(caller, readArguments(schema, args)),
  };
};

/** A method of the app itself. */
export const appMethod = <S extends z.ZodRawShape>(
  { tier, token }: Rules & { readonly token: "app" | "none" },
  shape: S,
  run: (caller: AppCaller, args: z.infer<z.ZodObject<S>>) => Answer,
): Method => {
  const schema = z.object(shape);
  return {
    scopes: [],
    tier,
    token,
    run: (caller, args) => run(caller, readArguments(schema, args)),
  };
};

/** Throws an `ApiError` with what is needed and what there is. */
export function requireScope(
  { install }: Pick<Caller, "install">,
  needed: readonly string[],
): void {
  if (needed.length === 0 || needed.some((scope) => install.scopes.has(scope))) return;
  const provided = [...install.scopes].join(",");
  throw new ApiError("missing_scope", { needed: needed.join(","), provided });
}

/** The channel, if the app may see it. A user's id stands for the app's direct messages with them. */
export function channelOf({ workspace, install }: Caller, id: string): Channel {
  const channel = workspace.users.has(id)
    ? directMessages(workspace, install.botUser, id)
    : workspace.channels.get(id);
  const isHidden = channel && channel.kind !== "public" && !channel.members.has(install.botUser);
  if (!channel || isHidden) throw new ApiError("channel_not_found");
  return channel;
}

export const directMessages = (
  { channels }: Workspace,
  bot: string,
  user: string,
): Channel | undefined =>
  [...channels.values()].find(
    ({ kind, members }) => kind === "im" && members.has(bot) && members.has(user),
  );

/** The channel, if the app may write in it. */
export function writableChannel(caller: Caller, id: string): Channel {
  const channel = channelOf(caller, id);
  if (channel.isArchived) throw new ApiError("is_archived");
  const mayWrite =
    channel.members.has(caller.install.botUser) ||
    (channel.kind === "public" && caller.install.scopes.has("chat:write.public"));
  if (!mayWrite) throw new ApiError("not_in_channel");
  return channel;
}
