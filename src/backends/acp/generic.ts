import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isSecretName } from "../../text/redact.ts";
import type { Backend } from "../backend.ts";
import { environmentOf } from "../cli/environment.ts";
import { type AcpOptions, createAcpBackend } from "./acp.ts";

export interface GenericAcpOptions extends AcpOptions {
  /** The program's name in PATH, or its place. */
  readonly command: string;
  readonly args: readonly string[];
  /** Its own variables, from the team file. */
  readonly ownEnv: Readonly<Record<string, string>>;
}

/** Any agent that speaks the Agent Client Protocol, with the command line of the team file. */
export function createGenericAcpBackend(options: GenericAcpOptions): Backend {
  const { command, args, ownEnv, env } = options;
  return createAcpBackend(
    {
      kind: "acp",
      cli: { name: `The agent "${command}"`, command, install: null },
      provider: null,
      login: "Give it its key with env in the team file, or see its own documentation.",
      secrets: secretsIn(ownEnv),
      hasOwnSystem: false,
      endsAfterCall: false,
      countsWholeReplies: false,
      identity: [args, ownEnv],
      async prepare(file, folder) {
        const home = join(folder, "home");
        await mkdir(home, { mode: 0o700 });
        return { file, args, cwd: home, env: environmentOf(env, home, ownEnv) };
      },
    },
    options,
  );
}

const isKeyName = (name: string): boolean => isSecretName(name) || /key$/i.test(name);

/** Keys in variables, and in variables that hold JSON (OPENCODE_CONFIG_CONTENT). */
function secretsIn(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    isKeyName(name) ? [value] : secretsBelow(jsonOf(value)),
  );
}

function secretsBelow(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "string" && isKeyName(name) ? [inner] : secretsBelow(inner),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
