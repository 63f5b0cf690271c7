import { createUser } from "./state/user.ts";
import type { Workspace } from "./state/workspace.ts";
import type { World } from "./state/world.ts";

/** What the app asks for. */
export const SCOPES = [
  "app_mentions:read",
  "assistant:write",
  "channels:history",
  "channels:read",
  "chat:write",
  "commands",
  "files:read",
  "files:write",
  "groups:history",
  "groups:read",
  "im:history",
  "im:read",
  "im:write",
  "mpim:history",
  "mpim:read",
  "reactions:read",
  "reactions:write",
  "team:read",
  "usergroups:read",
  "users:read",
] as const;

export interface InstallOptions {
  readonly scopes?: Iterable<string>;
  readonly installedBy?: string;
  readonly isOrgWide?: boolean;
  /** Of an organisation-wide installation, which its workspaces share. */
  readonly token?: string;
}

/** Installs the app: a token, a bot user, membership of nothing. */
export function installApp(world: World, workspace: Workspace, options: InstallOptions = {}): void {
  const { scopes = SCOPES, installedBy = "U9", isOrgWide = false } = options;
  const botUser = isOrgWide ? `UPARLEY${workspace.enterprise?.id}` : `UPARLEY${workspace.id}`;
  const botId = `B${botUser.slice(1)}`;
  workspace.users.set(
    botUser,
    createUser(botUser, workspace.id, { name: "parley", displayName: "Parley", botId }),
  );
  workspace.install = {
    token: options.token ?? `xoxb-${workspace.id}-${world.nextId("t")}`,
    scopes: new Set(scopes),
    botUser,
    botId,
    installedBy,
    isOrgWide,
    rotation: rotationOf(world),
  };
}

const rotationOf = ({ tokenLife, wallClock, nextId }: World) =>
  tokenLife === undefined
    ? undefined
    : { refreshToken: `xoxe-1-${nextId("r")}`, expiresAt: wallClock() + tokenLife * 1000 };

/** A new token for an installation; the one before it is over. */
export function rotateToken(world: World, workspace: Workspace): void {
  const { install } = workspace;
  if (!install) return;
  const token = `xoxe.xoxb-${workspace.id}-${world.nextId("t")}`;
  workspace.install = { ...install, token, rotation: rotationOf(world) };
}
