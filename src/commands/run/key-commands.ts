import { PROVIDERS } from "../../backends/keys.ts";
import { type Place, parseConversationId, platformKind } from "../../ids.ts";
import type { Command } from "../command.ts";
import { privately, refused } from "./compose-reply.ts";
import { typed } from "../../text/spelling.ts";
import { formatSigner, HERE } from "./describe-team.ts";
import { PROVIDER_NAMES } from "../parse/parse-keys.ts";
import type { Asker, CommandPorts } from "../ports.ts";
import type { CommandReply } from "../../reply.ts";
import { signedBy } from "./team-commands.ts";

type Ports = Pick<CommandPorts, "keys" | "wallClock">;
type Given<N extends Command["name"]> = Extract<Command, { readonly name: N }>;

/** The refusal where a place cannot have its own keys; null: it can. */
function notHere({ keys }: Pick<Ports, "keys">, { platform, space }: Place): CommandReply | null {
  if (platformKind(platform) === "terminal" || space === "" || space.startsWith("@")) {
    return refused("Only workspaces have their own API keys", [
      "Parley uses the installation's keys here.",
    ]);
  }
  return keys.isOffered
    ? null
    : refused("Workspace API keys are turned off here", [
        "The people who run Parley can turn them on.",
      ]);
}

const ALONE =
  "Turns in this space use only its own keys and cost the operator nothing. Agents whose provider has no key here do not take part.";
const SHARED = "No key is set here, so turns use the installation's keys.";

/** `keys show`: which keys are set, by whom and since when; never the keys themselves. */
export async function keysShow({ keys }: Ports, asker: Asker): Promise<CommandReply> {
  const place = parseConversationId(asker.conversation);
  const refusal = notHere({ keys }, place);
  if (refusal) return refusal;
  const isOwn = (await keys.of(place)) !== null;
  const found = await keys.list(place);
  const title = `API keys of ${HERE.space}`;
  if (!isOwn) return privately(title, [SHARED, `${typed("keys set PROVIDER KEY")} sets one.`]);
  if (found.length === 0) return privately(title, [UNREADABLE]);
  const rows = PROVIDERS.map((provider) => {
    const key = found.find((one) => one.provider === provider);
    const since = key
      ? `${new Date(key.at).toISOString().slice(0, 10)}${formatSigner(key.by)}`
      : "";
    return [PROVIDER_NAMES[provider], key ? "set" : "none", since];
  });
  const table = { type: "table", columns: ["Provider", "Key", "Since"], rows } as const;
  return privately(title, [ALONE], [table]);
}

const UNREADABLE = `Parley cannot read them, because the secret they were encrypted with is gone. Set them again (${typed("keys set")}), or remove them (${typed("keys remove")}).`;

/** `keys set`. The key is stored sealed, and in no reply. */
export async function keysSet(
  ports: Ports,
  asker: Asker,
  { provider, key }: Given<"keys set">,
): Promise<CommandReply> {
  if (asker.isWritten) return exposed();
  const place = parseConversationId(asker.conversation);
  const refusal = notHere(ports, place);
  if (refusal) return refusal;
  await ports.keys.set(place, provider, { key, by: signedBy(asker), at: ports.wallClock() });
  return privately(`The ${PROVIDER_NAMES[provider]} key is set`, [
    `From the next message on: ${ALONE}`,
  ]);
}

const exposed = (): CommandReply =>
  refused("The key was not saved", [
    "Do not put a key in a message, where others may read it. Revoke it at the provider and create a new one.",
    "Set the new key where only Parley sees it: with a slash command, or on Slack in the home tab.",
  ]);

/** `keys remove`. */
export async function keysRemove(
  ports: Ports,
  asker: Asker,
  { provider }: Given<"keys remove">,
): Promise<CommandReply> {
  const place = parseConversationId(asker.conversation);
  const refusal = notHere(ports, place);
  if (refusal) return refusal;
  if (!(await ports.keys.remove(place, provider))) {
    return refused(`There is no ${PROVIDER_NAMES[provider]} key here`, [
      `${typed("keys show")} lists the keys that are set.`,
    ]);
  }
  const left = await ports.keys.of(place);
  return privately(`The ${PROVIDER_NAMES[provider]} key of ${HERE.space} is removed`, [
    left === null ? SHARED : ALONE,
  ]);
}
