import type { App } from "@slack/bolt";
import { createUsageLeases } from "../../src/adapter-kit/rate-limit/usage-leases.ts";
import type {
  AdapterState,
  InstallRecords,
  KeyValuesByName,
  TakeLock,
} from "../../src/adapter-storage.ts";
import type { Clock } from "../../src/clock.ts";
import type { CommandPorts } from "../../src/commands/ports.ts";
import { parseConversationId } from "../../src/ids.ts";
import type { Intake } from "../../src/platform.ts";
import { type Clients, createClients } from "./api/clients.ts";
import type { SlackSettings } from "./env.ts";
import { reportChangedChannels, stopWhenRemoved } from "./install/installation-events.ts";
import { openInstalls } from "./install/oauth.ts";
import { createSingleWorkspace } from "./install/single-workspace.ts";
import { createListAuthorizations } from "./intake/channel-members.ts";
import { createCommands } from "./intake/run-command.ts";
import { createRouting, type Routing } from "./intake/shared-channels.ts";
import { type InteractionPorts, listenForInteractions } from "./interactions/listen.ts";
import { createPeople } from "./people/people.ts";
import { createRightsOf } from "./people/rights.ts";
import { createBlockFallback } from "./post/block-fallback.ts";
import { createPostedMessages } from "./post/own-messages.ts";
import { createFileHosts } from "./threads/attached-files.ts";
import { createLiveThreads } from "./threads/live-threads.ts";
import { NotInstalledError, type Workspace, type Workspaces } from "./workspaces.ts";

/** Teams, bindings and turns, as the shared commands know them. */
export type SharedCommands = Pick<
  CommandPorts,
  "teams" | "bindings" | "listening" | "turns" | "keys"
>;

interface PartsOptions {
  readonly settings: SlackSettings;
  readonly commands: SharedCommands;
  readonly installs: InstallRecords;
  readonly kept: KeyValuesByName;
  readonly lock: TakeLock;
  readonly clock: Clock;
  readonly wallClock: () => number;
  readonly isAlone?: boolean;
  readonly processes?: number;
  readonly state: AdapterState;
  /** Reports a problem that the adapter recovered from. */
  readonly onProblem: (problem: unknown) => void;
  readonly onFatal: (error: unknown) => void;
}

/** Puts the shared parts together; nothing is called before `start`. */
export function createParts(options: PartsOptions) {
  const { settings, clock, wallClock, kept, state, processes = 1, onProblem } = options;
  const { turns } = options.commands;
  const intake = createIntakeSlot();
  const installed = openInstalled(options);
  const { clients, workspaces } = openWorkspaces(options, intake.isSet, installed);
  const people = createPeople({ clients, clock, kept, onProblem });
  const rightsOf = createRightsOf({ people, clients, clock, admins: settings.admins, onProblem });
  const asking = { people, rightsOf, clock, audience: settings };
  const blocks = createBlockFallback({ clock, onProblem });
  const parts = {
    settings,
    workspaces,
    routing: openRouting(options, { workspaces, clients }),
    workspaceOf: workspaceFinder(workspaces),
    clients,
    asking,
    blocks,
    commands: createCommands({ ...asking, clients, intake, blocks, onProblem }),
    hosts: createFileHosts(settings.apiUrl, settings.fileHosts),
    posted: createPostedMessages(),
    processes,
    leases: createUsageLeases({ state, clock, wallClock, processes, onProblem }),
    live: createLiveThreads(clock, options.isAlone),
    intake,
    /** Whether the store knows a turn, and so the claims of its conversation. */
    knows: async (...which: Parameters<typeof turns.get>) => (await turns.get(...which)) !== null,
    turns,
    clock,
    wallClock,
    onProblem,
    install: installed?.install,
  };
  return {
    ...parts,
    /** Adds the Bolt listeners. */
    listen(app: App) {
      listenForInteractions(app, interactionPorts(parts, options.commands));
      listenForChanges(app, options, installed);
    },
  };
}

function interactionPorts(
  parts: Omit<SlackParts, "listen">,
  { teams, bindings, turns }: SharedCommands,
): InteractionPorts {
  const { workspaces, routing, clients, commands, posted, intake, hosts, wallClock } = parts;
  const { asking: names, blocks, onProblem } = parts;
  const views = { clients, onProblem };
  return {
    reading: { workspaces, workspaceOfBot: routing.workspaceOfBot },
    responding: { ...views, blocks },
    posted,
    commands,
    press: { commands, intake, turns, teams, views },
    shortcut: { commands, clients, intake, names, hosts, wallClock },
    slash: { commands, clients, intake, turns, names, wallClock },
    home: { commands, views, bindings, teams },
  };
}

interface ServedWorkspaces {
  readonly workspaces: Workspaces;
  readonly clients: (workspace: Workspace) => Clients;
}

/** Where the app is installed, and the clients that call Slack there. */
function openWorkspaces(
  { settings, clock, onProblem, onFatal }: PartsOptions,
  isStarted: () => boolean,
  installed: ReturnType<typeof openInstalled>,
): ServedWorkspaces {
  const clients = createClients({
    apiUrl: settings.apiUrl,
    ...(installed && { how: "oauth", renewed: (used) => installed.workspaces.renewed(used) }),
    onRevoked(_, error) {
      // Before the start, the start itself fails; with OAuth, other workspaces go on.
      if (isStarted() && !settings.oauth) onFatal(error);
    },
  });
  const token = settings.botToken ?? "";
  const onWarning = (text: string) => onProblem(new Error(text));
  const workspaces =
    installed?.workspaces ?? createSingleWorkspace({ token, clients, clock, onWarning });
  return { clients, workspaces };
}

/** Listens for changes of the installation and its channels. */
function listenForChanges(
  app: App,
  options: PartsOptions,
  installed: ReturnType<typeof openInstalled>,
): void {
  const { onProblem, onFatal, wallClock } = options;
  const { botToken, apiUrl } = options.settings;
  reportChangedChannels(app, onProblem);
  if (installed) return installed.listen(app);
  if (botToken === undefined) return;
  const forgetKeys = createForgetKeys(options);
  stopWhenRemoved(app, { botToken, apiUrl, forgetKeys, wallClock, onFatal, onProblem });
}

/** The installations by OAuth; undefined: the app has one token. */
const openInstalled = (options: PartsOptions) => {
  const { settings, installs: records, kept, lock, clock, wallClock, onProblem } = options;
  const forgetKeys = createForgetKeys(options);
  const shared = { records, settings, kept, lock, clock, wallClock, forgetKeys, onProblem };
  return settings.oauth && openInstalls(settings.oauth, shared);
};

/** Removes a workspace's own API keys. */
const createForgetKeys =
  ({ commands: { keys } }: Pick<PartsOptions, "commands">): ((team: string) => Promise<void>) =>
  async (space) => {
    await keys.forget({ platform: "slack", space });
  };

/** Finds the installation that an event is for. */
function openRouting(
  { settings: { apiUrl, appToken }, commands, clock, onProblem }: PartsOptions,
  served: ServedWorkspaces,
): Routing {
  const { turns, listening } = commands;
  return createRouting({
    ...served,
    clock,
    hasBegun: (conversation) => turns.hasBegun(conversation),
    answersAll: async (conversation) =>
      (await listening.resolve(parseConversationId(conversation))).mode === "always",
    listAuthorizations:
      appToken === undefined
        ? undefined
        : createListAuthorizations({ apiUrl, appToken }, onProblem),
  });
}

/** Holds the intake, once the adapter is started. */
function createIntakeSlot() {
  let taker: Intake | undefined;
  return {
    isSet: () => taker !== undefined,
    get(): Intake {
      if (taker) return taker;
      throw new Error("Slack is not started.");
    },
    set(intake: Intake): void {
      taker = intake;
    },
  };
}

/** What the parts of the adapter share. */
export type SlackParts = ReturnType<typeof createParts>;

/** The workspace of a team id. Rejects with a `NotInstalledError` where the app is not installed any more. */
const workspaceFinder =
  (workspaces: Workspaces) =>
  async (team: string): Promise<Workspace> => {
    const workspace = await workspaces.of(team);
    if (workspace) return workspace;
    throw new NotInstalledError(team);
  };
