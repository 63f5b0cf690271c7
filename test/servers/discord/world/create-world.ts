import type { Gaps } from "../gaps.ts";
import { createSnowflakes } from "./snowflakes.ts";
import type { Time } from "./time.ts";
import type { Privileged, User } from "./user.ts";
import type { World } from "./world.ts";

export interface WorldOptions {
  readonly time: Time;
  readonly botName: string;
  readonly token: string;
  readonly privileged: Privileged;
  readonly maxActiveThreads: number;
  readonly acknowledgeMs: number;
  readonly gaps: Gaps;
}

/** A world with nobody in it but the bot. */
export function createWorld(options: WorldOptions): World {
  const { time } = options;
  const ids = createSnowflakes(() => time.now(), options.gaps.countsFrom);
  const user: User = {
    id: ids.next(),
    username: options.botName,
    globalName: null,
    bot: true,
    closedToDirectMessages: false,
  };
  return {
    time,
    ids,
    application: {
      id: ids.next(),
      user,
      token: options.token,
      privileged: options.privileged,
    },
    users: new Map([[user.id, user]]),
    guilds: new Map(),
    channels: new Map(),
    hanging: new Map(),
    hasOwnThreadIds: options.gaps.ownThreadIds,
    interactions: new Map(),
    commands: new Map(),
    webhooks: new Map(),
    uploads: new Map(),
    typing: [],
    violations: [],
    origin: "",
    dispatch: () => {},
    maxActiveThreads: options.maxActiveThreads,
    acknowledgeMs: options.acknowledgeMs,
  };
}

export function createUser(
  world: World,
  name: string,
  options: { readonly bot?: boolean } = {},
): User {
  const user: User = {
    id: world.ids.next(),
    username: name.toLowerCase().replaceAll(/[^a-z0-9._]/g, "_"),
    globalName: options.bot ? null : name,
    bot: options.bot ?? false,
    closedToDirectMessages: false,
  };
  if (options.bot) user.username = name;
  world.users.set(user.id, user);
  return user;
}
