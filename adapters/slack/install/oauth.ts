import { randomBytes } from "node:crypto";
import type { App, InstallationStore, StateStore } from "@slack/bolt";
import { z } from "zod";
import type {
  InstallRecords,
  KeyValues,
  KeyValuesByName,
  TakeLock,
} from "../../../src/adapter-storage.ts";
import type { Clock } from "../../../src/clock.ts";
import { callOnce, webClientOptions } from "../api/web-client.ts";
import type { OAuthSettings, SlackSettings } from "../env.ts";
import type { InstallOptions } from "../receivers/http.ts";
import { WorkspaceAddress } from "../wire/answers.ts";
import {
  answerFailedInstall,
  InstallRefusedError,
  OutdatedStateError,
} from "./install-failed-page.ts";
import { deleteRemovedInstalls } from "./installation-events.ts";
import {
  type AllowedTeams,
  createAllowedTeams,
  createInstalledWorkspaces,
  hostIn,
  type InstalledWorkspaces,
} from "./installed-workspaces.ts";
import { createInstalls, createInstallSeal, Installation, type Installs } from "./installs.ts";
import { askedScopes } from "./scopes.ts";
import { createTokenRotation } from "./token-rotation.ts";

/** Many workspaces, by OAuth. */
interface OpenedInstalls {
  readonly workspaces: InstalledWorkspaces;
  readonly install: InstallOptions;
  /** Listens for uninstalls. */
  listen(app: App): void;
}

interface OpenInstallsOptions {
  readonly records: InstallRecords;
  readonly settings: Pick<SlackSettings, "apiUrl" | "publicUrl" | "isAgent" | "allowedTeams">;
  readonly clock: Clock;
  readonly wallClock: () => number;
  readonly kept: KeyValuesByName;
  readonly lock: TakeLock;
  /** Removes a workspace's own API keys. */
  readonly forgetKeys: (team: string) => Promise<void>;
  readonly onProblem: (problem: unknown) => void;
}

export function openInstalls(oauth: OAuthSettings, options: OpenInstallsOptions): OpenedInstalls {
  const { settings, kept, records, lock, clock, wallClock, forgetKeys, onProblem } = options;
  const { apiUrl, publicUrl, isAgent } = settings;
  const installs = createInstalls(records, createInstallSeal(oauth));
  const allowed = createAllowedTeams(settings.allowedTeams);
  const rotation = createTokenRotation({
    oauth,
    apiUrl,
    installs,
    lock,
    clock,
    wallClock,
    onProblem,
  });
  const workspaces = createInstalledWorkspaces({ installs, rotation, allowed, clock, onProblem });
  const states = createStateStore(kept("slack install states"));
  const taken = kept("slack removals");
  return {
    workspaces,
    install: installOptions(oauth, { apiUrl, publicUrl, isAgent, installs, allowed, states }),
    listen: (app) => deleteRemovedInstalls(app, { apiUrl, installs, taken, forgetKeys, onProblem }),
  };
}

interface InstallPorts {
  readonly installs: Pick<Installs, "put">;
  readonly allowed: AllowedTeams;
  readonly apiUrl: string;
}

interface InstallSettings extends InstallPorts, Pick<SlackSettings, "publicUrl" | "isAgent"> {
  readonly states: StateStore;
}

const REDIRECT_PATH = "/slack/oauth_redirect";

/** How Bolt serves /slack/install and /slack/oauth_redirect. */
function installOptions(
  { clientId, clientSecret }: OAuthSettings,
  ports: InstallSettings,
): InstallOptions {
  const { apiUrl, publicUrl, isAgent } = ports;
  const redirect = publicUrl === undefined ? undefined : `${publicUrl}${REDIRECT_PATH}`;
  return {
    clientId,
    clientSecret,
    scopes: [...askedScopes(isAgent)],
    installationStore: createInstallationStore(ports),
    ...(redirect && { redirectUri: redirect }),
    installerOptions: {
      stateStore: ports.states,
      redirectUriPath: redirect ? new URL(redirect).pathname : REDIRECT_PATH,
      authorizationUrl: new URL("/oauth/v2/authorize", apiUrl).href,
      clientOptions: webClientOptions(apiUrl),
      callbackOptions: {
        failure: (error, _options, _request, response) => answerFailedInstall(error, response),
      },
    },
  };
}

/** Stores what Bolt's OAuth flow installs. Parley itself finds tokens (installed-workspaces) and deletes installations (installation-events). */
const createInstallationStore = (ports: InstallPorts): InstallationStore => ({
  async storeInstallation(made) {
    const installation = Installation.parse(made);
    const { token } = installation.bot;
    const host = ports.allowed.hasDomains ? await hostOf(ports.apiUrl, token) : undefined;
    const full = { ...installation, ...(host !== undefined && { host }) };
    if (!ports.allowed.allows(full, full.team?.id)) {
      await giveBack(ports.apiUrl, token);
      throw new InstallRefusedError(refusal(full));
    }
    await ports.installs.put(full);
  },
  fetchInstallation: () => Promise.reject(new Error("Parley finds installations itself.")),
});

function refusal({ team, enterprise }: Installation): string {
  const { id = "", name } = team ?? enterprise ?? {};
  return `${name === undefined ? id : `${name} (${id})`} is not among those that may install this app. Ask whoever runs it to allow it.`;
}

/** Host of a workspace's address. Rejects when Slack does not say it. */
const hostOf = async (apiUrl: string, token: string): Promise<string> =>
  hostIn((await callOnce({ apiUrl, token, method: "auth.test", answer: WorkspaceAddress })).url);

/** Uninstalls the app from a workspace that is not served. */
async function giveBack(apiUrl: string, token: string): Promise<void> {
  const call = { apiUrl, token, method: "auth.revoke", answer: z.unknown() };
  await callOnce(call).catch(() => undefined);
}

const STATE_BYTES = 24;
/** How long an install link is valid, ms. */
const LIFE_MS = 10 * 60_000;

const texts = z.union([z.string(), z.array(z.string())]);
const Asked = z.looseObject({
  scopes: texts,
  userScopes: texts.optional(),
  teamId: z.string().optional(),
  redirectUri: z.string().optional(),
  metadata: z.string().optional(),
});

/** The OAuth state: random, stored, valid once in any process. Rejects with an `OutdatedStateError`, or with the store's own error. */
const createStateStore = (kept: KeyValues): StateStore => ({
  async generateStateParam(asked) {
    const state = randomBytes(STATE_BYTES).toString("base64url");
    await kept.set(state, asked, LIFE_MS);
    return state;
  },
  async verifyStateParam(_, state) {
    const asked = await kept.take(state);
    if (asked === undefined)
      throw new OutdatedStateError("An install link was used before, has expired, or is forged.");
    const { userScopes, teamId, redirectUri, metadata, scopes } = Asked.parse(asked);
    return {
      scopes,
      ...(userScopes !== undefined && { userScopes }),
      ...(teamId !== undefined && { teamId }),
      ...(redirectUri !== undefined && { redirectUri }),
      ...(metadata !== undefined && { metadata }),
    };
  },
});
