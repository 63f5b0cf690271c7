import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Adapter, AdapterContext, AdapterEntry } from "../../src/adapter-kit/adapter.ts";
import type { TakeLock } from "../../src/adapter-storage.ts";
import { completions } from "../../src/commands/completions.ts";
import { describeBoundTeam } from "../../src/commands/run/describe-team.ts";
import type { ConversationId } from "../../src/ids.ts";
import { SettingsError } from "../../src/settings.ts";
import { loadPlatformName, ONLY_TERMINAL } from "./platform-name.ts";

const folderIn = (dataFolder: string): string => join(dataFolder, "terminal");

export const terminalEntry: AdapterEntry = {
  name: ONLY_TERMINAL,
  isConfigured: () => false,
  isFallback: true,
  isService: false,
  ownsScreen: ({ input, output }, { once, json }) => input.isTTY && output.isTTY && !once && !json,
  create,
  async migrated(dataFolder) {
    // Queued turns are stored under this name, so the folder keeps it.
    const dir = folderIn(dataFolder);
    if (existsSync(dir)) await loadPlatformName(dir, ONLY_TERMINAL);
  },
};

async function create(context: AdapterContext): Promise<Adapter> {
  const { loaded, flags, commands, lock, input, output, error, version, exit } = context;
  const { createTerminal } = await import("./index.ts");
  const { DATABASE_URL, PARLEY_DATA } = loaded.settings;
  const dir = folderIn(PARLEY_DATA);
  const terminal = createTerminal({
    ...flags,
    input,
    output,
    error,
    version,
    exit,
    dir,
    ...(DATABASE_URL === undefined ? {} : { platformName: await takePlatformName(dir, lock) }),
    colour: !loaded.env["NO_COLOR"],
    completions: (prefix, conversation) => complete(commands, prefix, conversation),
    describe: (conversation) => describeBoundTeam(commands, conversation),
  });
  return { platform: terminal, ...terminal };
}

/** Several terminals can share a database, but not a folder. */
async function takePlatformName(dir: string, lock: TakeLock): Promise<string> {
  const name = await loadPlatformName(dir);
  if (await lock(name)) return name;
  throw new SettingsError(
    `Another Parley is using the terminal's folder ${dir}. Close it, or give this one its own data folder with PARLEY_DATA.`,
  );
}

async function complete(
  commands: AdapterContext["commands"],
  prefix: string,
  conversation: ConversationId,
): Promise<readonly string[]> {
  const person = { id: "", name: "", kind: "person" } as const;
  const found = await completions(prefix, commands, {
    conversation,
    person,
    level: "installation",
  });
  return found.map(({ text }) => text);
}
