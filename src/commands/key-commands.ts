import { PROVIDERS } from "../backends/keys.ts";
import { type Place, parseConversationId, platformKind } from "../ids.ts";
import type { Command } from "./command.ts";
import { plain, privately, refused, typed } from "./compose-reply.ts";
import { HERE } from "./describe-team.ts";
import { PROVIDER_NAMES } from "./parse-keys.ts";
import type { Asker, CommandPorts } from "./ports.ts";
import type { CommandReply } from "../reply.ts";
import { whoIs } from "./team-commands.ts";

type Ports = Pick<CommandPorts, "keys" | "wallClock">;
type Given<N extends Command["name"]> = Extract<Command, { readonly name: N }>;

/** Why a place can have no keys of its own; null: it can. */
function notHere({ keys }: Pick<Ports, "keys">, { platform, space }: Place): CommandReply | null {
  if (platformKind(platform) === "terminal" || space === "" || space.startsWith("@")) {
    return refused("Own API keys are a workspace's", [
      "Here the keys are those of the installation.",
    ]);
  }
  return keys.isOffered
    ? null
    : refused("Own API keys are not turned on here", ["Whoever runs Parley can turn them on."]);
}

const ALONE =
  "Turns in this space are asked with its own keys alone, and cost the operator nothing. Agents whose provider has no key here are left out.";
const SHARED = "No key is set here: turns are asked with the keys of the installation.";

/** `keys show`: which, by whom and since when, never the keys. */
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
    const since = key ? `${new Date(key.at).toISOString().slice(0, 10)} by ${plain(key.by)}` : "";
    return [PROVIDER_NAMES[provider], key ? "set" : "none", since];
  });
  const table = { type: "table", columns: ["Provider", "Key", "Since"], rows } as const;
  return privately(title, [ALONE], [table]);
}

const UNREADABLE =
  "They were sealed with a secret that is gone, and cannot be read. Set them again (`keys set`), or remove them (`keys remove`).";

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
  await ports.keys.set(place, provider, { key, by: whoIs(asker), at: ports.wallClock() });
  return privately(`The ${PROVIDER_NAMES[provider]} key is set`, [
    `From the next message on: ${ALONE}`,
  ]);
}

const exposed = (): CommandReply =>
  refused("The key was not taken", [
    "A key does not belong in a message: others may read it there. Revoke it with its provider and make a new one.",
    "Set that one where only Parley sees it: by slash command, or on Slack in the home tab.",
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
      `${typed("keys show")} lists those that are set.`,
    ]);
  }
  const left = await ports.keys.of(place);
  return privately(`The ${PROVIDER_NAMES[provider]} key of ${HERE.space} is removed`, [
    left === null ? SHARED : ALONE,
  ]);
}
