import type { Asker } from "../commands/ports.ts";
import { parseConversationId, type Place } from "../ids.ts";
import type { IncomingCommand } from "../platform.ts";
import { levelOf } from "../teams/access.ts";
import type { Bindings } from "../teams/bindings.ts";
import { NoTeamError } from "../teams/unusable-team.ts";
import { type Installation, installationLevel } from "../tenants/installation.ts";

interface AskerPorts {
  readonly bindings: Bindings;
  readonly installation: Installation;
}

/** The asker with their level, from the platform or the access lists of the space's team; teams of a channel or thread grant no rights. */
export async function askerOf(
  { bindings, installation }: AskerPorts,
  {
    conversation,
    person,
    level: onPlatform,
    groups = [],
    scope,
  }: Pick<IncomingCommand, "conversation" | "person" | "level" | "groups" | "scope">,
): Promise<Asker> {
  const place = parseConversationId(conversation);
  const ids = [person.id, ...groups];
  const access = await accessAt(bindings, { ...place, channel: "", thread: "" });
  const named = ids.map((id) => `${place.platform}:${id}`);
  const level = access ? levelOf(access, named, onPlatform) : onPlatform;
  return {
    conversation,
    person,
    level: installationLevel(installation, place, { ids, level }),
    ...(scope !== undefined && { isOutside: true }),
  };
}

/** The access lists of the team that answers there; null: no team can answer. */
async function accessAt(bindings: AskerPorts["bindings"], place: Place) {
  try {
    return (await bindings.resolve(place)).team.access;
  } catch (error) {
    if (error instanceof NoTeamError) return null;
    throw error;
  }
}
