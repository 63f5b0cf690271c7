import { type Channel, holdsMessages, isThread } from "./channel.ts";
import { permissionsIn, userOf } from "./look-up.ts";
import { PERMISSION, type PermissionName } from "./permissions.ts";
import { refusal } from "./refusal.ts";
import type { World } from "./world.ts";

/** Somebody about to do something in a channel. */
export interface Doer {
  readonly world: World;
  readonly channel: Channel;
  readonly userId: string;
}

/** Throws 50001 for a channel one cannot see, 50013 where a permission lacks. */
export function require(doer: Doer, ...names: readonly PermissionName[]): void {
  const bits = permissionsIn(doer.world, doer.channel, doer.userId);
  if (!(bits & PERMISSION.VIEW_CHANNEL)) throw refusal("missingAccess");
  if (names.some((name) => !(bits & PERMISSION[name]))) throw refusal("missingPermissions");
}

export const may = ({ world, channel, userId }: Doer, name: PermissionName): boolean =>
  (permissionsIn(world, channel, userId) & PERMISSION[name]) !== 0n;

export interface Posting {
  readonly hasEmbeds: boolean;
  readonly hasFiles: boolean;
  readonly isReply: boolean;
}

/** Throws whatever keeps somebody from posting this here. */
export function requirePosting(doer: Doer, posting: Posting): void {
  const { channel } = doer;
  if (!holdsMessages(channel)) throw refusal("notText");
  require(doer, isThread(channel) ? "SEND_MESSAGES_IN_THREADS" : "SEND_MESSAGES");
  if (channel.thread?.locked && !may(doer, "MANAGE_THREADS")) throw refusal("threadLocked");
  if (posting.hasEmbeds) require(doer, "EMBED_LINKS");
  if (posting.hasFiles) require(doer, "ATTACH_FILES");
  if (posting.isReply && !may(doer, "READ_MESSAGE_HISTORY")) throw refusal("noHistoryToReply");
  requireOpenEar(doer);
}

/** Throws 50007 for a bot's direct message to somebody who takes none. */
function requireOpenEar({ world, channel, userId }: Doer): void {
  const isClosed = channel.recipients.some((id) => userOf(world, id).closedToDirectMessages);
  if (isClosed && userOf(world, userId).bot) throw refusal("closedToDirectMessages");
}

/** Throws 50083: in an archived thread nothing is changed, only read, deleted, or woken by a new message. */
export function requireAwake(channel: Channel): void {
  if (channel.thread?.archived) throw refusal("archived");
}
