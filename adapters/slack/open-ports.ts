import { createUsageLeases } from "../../src/adapter-kit/rate-limit/usage-leases.ts";
import type { Clock } from "../../src/clock.ts";
import { parseConversationId } from "../../src/ids.ts";
import type { Intake } from "../../src/platform.ts";
import { createAdmins } from "./admins.ts";
import { createClients } from "./api/clients.ts";
import { createListAuthorizations } from "./api/event-authorizations.ts";
import { createRouting, type Routing } from "./intake/shared-channels.ts";
import type { InteractionPorts } from "./interactions/interaction-ports.ts";
import { listenForInteractions } from "./interactions/listen.ts";
import type { SlackSettings } from "./env.ts";
import { createFileHosts } from "./threads/attached-files.ts";
import { openInstalls } from "./install/open-installs.ts";
import type {
  AdapterState,
  InstallRecords,
  KeyValuesByName,
  TakeLock,
} from "../../src/adapter-storage.ts";
import { createPeople } from "./people/people.ts";
import { createPostedMessages } from "./post/posted-messages.ts";
import { slackRendering } from "./render/rendering.ts";
import { createSingleWorkspace } from "./single-workspace.ts";
import { type SlackPorts, workspaceFinder } from "./slack-ports.ts";
import { createLiveThreads } from "./threads/live-threads.ts";

interface OpenPortsOptions extends Pick<SlackPorts, "onProblem"> {
  readonly settings: SlackSettings;
  readonly commands: InteractionPorts["shared"];
  readonly installs: InstallRecords;
  readonly kept: KeyValuesByName;
  readonly lock: TakeLock;
  readonly clock: Clock;
  readonly wallClock: () => number;
  readonly isAlone?: boolean;
  readonly processes?: number;
  readonly state: AdapterState;
  readonly onFatal: (error: unknown) => void;
}

/** Puts the shared parts together; nothing is called before `start`. */
export function openPorts(options: OpenPortsOptions): SlackPorts {
  const { settings, clock, wallClock, processes = 1, onProblem } = options;
  const intake = createIntakeSlot();
  const { turns } = options.commands;
  const installed = openInstalled(options);
  const clients = createClients({
    apiUrl: settings.apiUrl,
    ...(installed && { how: "oauth", renewed: (used) => installed.workspaces.renewed(used) }),
    onRevoked(_, error) {
      // Before the start it is the start that fails; with OAuth other workspaces go on.
      if (intake.isSet() && !settings.oauth) options.onFatal(error);
    },
  });
  const onWarning = (text: string) => onProblem(new Error(text));
  const workspaces =
    installed?.workspaces ??
    createSingleWorkspace({ token: settings.botToken ?? "", clients, clock, onWarning });
  const people = createPeople({ ...options, clients });
  const standingOf = createAdmins({ ...settings, people, clients, clock, onProblem });
  const routing = openRouting(options, { workspaces, clients });
  const ports = {
    settings,
    workspaces,
    ...routing,
    workspaceOf: workspaceFinder(workspaces),
    clients,
    people,
    standingOf,
    rendering: slackRendering,
    hosts: createFileHosts(settings.apiUrl, settings.fileHosts),
    posted: createPostedMessages(),
    processes,
    leases: createUsageLeases({ ...options, processes }),
    live: createLiveThreads(clock, options.isAlone),
    intake,
    knows: async (...which: Parameters<SlackPorts["knows"]>) =>
      (await turns.get(...which)) !== null,
    turns,
    forgetKeys: createForgetKeys(options),
    clock,
    wallClock,
    onProblem,
    install: installed?.install,
  };
  const listen: SlackPorts["listen"] = (app) => {
    listenForInteractions(app, { ...ports, ...settings, shared: options.commands });
    installed?.listen(app);
  };
  return { ...ports, listen };
}

/** Where the app was installed by OAuth; undefined: it has one token. */
const openInstalled = (options: OpenPortsOptions) =>
  options.settings.oauth &&
  openInstalls(options.settings.oauth, {
    ...options,
    records: options.installs,
    forgetKeys: createForgetKeys(options),
  });

/** Removes the own API keys of a workspace. */
const createForgetKeys =
  ({ commands: { keys } }: Pick<OpenPortsOptions, "commands">): SlackPorts["forgetKeys"] =>
  async (space) => {
    await keys.forget({ platform: "slack", space });
  };

/** Finds out whose an event is. */
function openRouting(
  { settings: { apiUrl, appToken }, commands, clock, onProblem }: OpenPortsOptions,
  found: Pick<SlackPorts, "workspaces" | "clients">,
): Routing {
  const { turns, listening } = commands;
  return createRouting({
    ...found,
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

/** Where events go, once the adapter is started. */
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
