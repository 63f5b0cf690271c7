import type { Channel } from "./channel.ts";
import type { FileRecord } from "./file.ts";
import type { User } from "./user.ts";
import type { View } from "./view.ts";

/** The app in a workspace. */
export interface Installation {
  readonly token: string;
  readonly scopes: Set<string>;
  readonly botUser: string;
  readonly botId: string;
  readonly installedBy: string;
  /** One installation for all workspaces of an Enterprise Grid organisation. */
  readonly isOrgWide: boolean;
  /** With token rotation: what a new token is had for, once, and when this one ends, ms since the epoch. */
  readonly rotation?: { readonly refreshToken: string; readonly expiresAt: number } | undefined;
}

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly members: readonly string[];
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly enterprise: { readonly id: string; readonly name: string } | undefined;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  readonly groups: Map<string, UserGroup>;
  readonly files: Map<string, FileRecord>;
  /** Open modals by user, the lowest first. */
  readonly modals: Map<string, View[]>;
  readonly homes: Map<string, View>;
  install: Installation | undefined;
}

/** Whether the app receives what happens there. */
export const isAppIn = ({ install }: Workspace, { members }: Channel): boolean =>
  install !== undefined && members.has(install.botUser);
