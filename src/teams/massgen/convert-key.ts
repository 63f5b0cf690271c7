import type { Counterpart } from "./backends.ts";
import { isLocal, keyVariableOf } from "./key-variables.ts";
import type { Note } from "./losses.ts";

type Usable = Extract<Counterpart, { type: string }>;

interface Keyed extends Usable {
  readonly address: string | undefined;
}

const OWN_KEY = /^\$\{(OPENAI|ANTHROPIC|GEMINI|GOOGLE|AZURE_OPENAI)_API_KEY\}$/;

/** A reference to the key, never the key itself; undefined if the backend finds it, or needs none. */
export function convertKey(api_key: unknown, found: Keyed, note: Note): string | undefined {
  const given = typeof api_key === "string" ? api_key.trim() : "";
  if (given === "") return unnamedKey(found, note);
  // MassGen also accepts lower-case names in ${var}.
  if (given.includes("${")) {
    return found.address === undefined && OWN_KEY.test(given) ? undefined : given;
  }
  if (found.address !== undefined && isLocal(found.address)) return undefined;
  const variable = found.key ?? keyVariableAt(found) ?? "PARLEY_KEY_IMPORTED";
  note(`the key in the file is not copied: set it as ${variable} in the environment`);
  return `\${${variable}}`;
}

const keyVariableAt = ({ address, type }: Keyed): string | undefined =>
  address === undefined
    ? type === "azure"
      ? "AZURE_OPENAI_API_KEY"
      : undefined
    : (keyVariableOf(address) ?? (type === "azure" ? "AZURE_OPENAI_API_KEY" : undefined));

/** MassGen infers the variable by type and host. Parley sends a provider's own key to its own host only. */
function unnamedKey(found: Keyed, note: Note): string | undefined {
  const { address, key, type } = found;
  if (address === undefined) return undefined;
  const variable = key ?? keyVariableAt(found);
  if (variable !== undefined) return `\${${variable}}`;
  if (isLocal(address) || address.includes("${")) return undefined;
  if (type === "compatible") {
    note(
      `no key is named for ${address}: if it wants one, write api_key: \${PARLEY_KEY_…} and set that variable`,
    );
    return undefined;
  }
  note(`a provider's key goes only to its own host: set PARLEY_KEY_IMPORTED for ${address}`);
  return "${PARLEY_KEY_IMPORTED}";
}
