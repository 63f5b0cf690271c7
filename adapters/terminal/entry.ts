import { existsSync } from "node:fs";
import { platform } from "node:os";
import { join as joinPath } from "node:path";
import type {
  Adapter,
  AdapterContext,
  AdapterEntry,
  JoinContext,
  Joined,
} from "../../src/adapter-kit/adapter.ts";
import type { TakeLock } from "../../src/adapter-storage.ts";
import { completions } from "../../src/commands/completions.ts";
import { describeBoundTeam } from "../../src/commands/run/describe-team.ts";
import type { Platform } from "../../src/platform.ts";
import { InUseError } from "../../src/adapter-kit/settings.ts";
import { socketPath } from "./attach/socket-path.ts";
import type { Terminal } from "./index.ts";
import { readTerminalEnv } from "./env.ts";
import { isScreen } from "./open-front.ts";
import { spelled } from "../../src/text/spelling.ts";
import { spellInTerminal } from "./spell.ts";
import { loadPlatformName, ONLY_TERMINAL } from "./platform-name.ts";

const folderIn = (dataFolder: string): string => joinPath(dataFolder, "terminal");

export const terminalEntry: AdapterEntry = {
  name: ONLY_TERMINAL,
  isConfigured: () => false,
  isFallback: true,
  isService: false,
  ownsScreen: ({ input, output }, { once, json }, { TERM }) =>
    isScreen({ input, output, once, json, isDumb: TERM === "dumb" }),
  join,
  create,
  async migrated(dataFolder) {
    // Queued turns are stored under this name, so the folder keeps it.
    const dir = folderIn(dataFolder);
    if (existsSync(dir)) await loadPlatformName(dir, ONLY_TERMINAL);
  },
};

async function join(context: JoinContext): Promise<Joined> {
  const path = await socketPath(folderIn(context.dataFolder), platform());
  if (path === undefined) return { kind: "absent" };
  const { joinHost } = await import("./attach/guest.ts");
  return joinHost(path, context, readTerminalEnv(context.env));
}

async function create(context: AdapterContext): Promise<Adapter> {
  const { loaded, flags, commands, lock, input, output, error, version, exit, clock } = context;
  const { settings, env } = loaded;
  const { TERMINAL_TITLE, TERMINAL_BELL } = readTerminalEnv(env);
  const { createTerminal } = await import("./index.ts");
  const dir = folderIn(settings.PARLEY_DATA);
  const { once, json, question, thread, continueLatest } = flags;
  const terminal = createTerminal({
    input,
    output,
    error,
    once,
    json,
    question,
    thread,
    continueLatest,
    exit,
    dir,
    version,
    clock,
    isDumb: env["TERM"] === "dumb",
    isTmux: Boolean(env["TMUX"]),
    ...(settings.DATABASE_URL !== undefined && { platformName: await takePlatformName(dir, lock) }),
    colour: !env["NO_COLOR"],
    attention: { title: TERMINAL_TITLE === "on", bell: TERMINAL_BELL === "on" },
    completions: (prefix, conversation) =>
      completions(prefix, commands, { conversation, person: NOBODY, level: "installation" }),
    describe: async (conversation) =>
      spelled(await describeBoundTeam(commands, conversation), spellInTerminal),
  });
  return { ...terminal, platform: await shared(terminal, dir, context) };
}

/** The terminal, which others of this user can join. */
async function shared(
  terminal: Terminal,
  dir: string,
  { version, report }: Pick<AdapterContext, "version" | "report">,
): Promise<Platform> {
  const path = await socketPath(dir, platform());
  if (path === undefined) return terminal;
  const { listenForGuests } = await import("./attach/host.ts");
  // Without a socket, this terminal works, and others are told that the folder is in use.
  const host = await listenForGuests(path, version).catch((error: unknown) => report(error));
  if (!host) return terminal;
  return {
    ...terminal,
    async start(intake) {
      await terminal.start(intake);
      host.open((request) => terminal.join(request));
    },
    async stop() {
      await host.close();
      await terminal.stop();
      host.leave();
    },
  };
}

const NOBODY = { id: "", name: "", kind: "person" } as const;

/** Several terminals can share a database, but not a folder. */
async function takePlatformName(dir: string, lock: TakeLock): Promise<string> {
  const name = await loadPlatformName(dir);
  if (await lock(name)) return name;
  throw new InUseError(
    `Another Parley is using the terminal's folder ${dir}. Close it, or give this one its own data folder with PARLEY_DATA.`,
  );
}
