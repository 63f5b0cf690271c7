import { type InstallationStore, type StateStore, webApi } from "@slack/bolt";
import { z } from "zod";
import { webClientOptions } from "../api/clients.ts";
import type { OAuthSettings, SlackSettings } from "../env.ts";
import type { InstallOptions } from "../receivers/http.ts";
import { askedScopes } from "../scopes.ts";
import { type AllowedTeams, hostIn } from "./allowed-teams.ts";
import { answerFailedInstall, InstallRefusedError } from "./install-failed-page.ts";
import { Installation, type Installs } from "./installs.ts";

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
export function installOptions(
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

/** Bolt's view of the installs. Parley finds tokens for events itself (installed-workspaces), and deletes installs itself (removals). */
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

const Identity = z.object({ url: z.string() });

/** Host of a workspace's address. Rejects when Slack does not tell it. */
async function hostOf(apiUrl: string, token: string): Promise<string> {
  const client = new webApi.WebClient(token, webClientOptions(apiUrl));
  return hostIn(Identity.parse(await client.apiCall("auth.test")).url);
}

/** The app does not stay in a workspace that is not served. */
async function giveBack(apiUrl: string, token: string): Promise<void> {
  const client = new webApi.WebClient(token, webClientOptions(apiUrl));
  await client.apiCall("auth.revoke").catch(() => undefined);
}
