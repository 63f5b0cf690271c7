import type { App, InstallationStore, StateStore } from "@slack/bolt";
import { z } from "zod";
import { webClientOptions } from "../api/clients.ts";
import type { OAuthSettings, SlackSettings } from "../env.ts";
import type { InstallOptions } from "../receivers/http.ts";
import { askedScopes } from "../scopes.ts";
import { answerFailedInstall } from "./install-failed-page.ts";
import type { InstalledWorkspaces } from "./installed-workspaces.ts";
import type { Installed, Installs } from "./installs.ts";

export interface InstallPorts {
  readonly installs: Installs;
  readonly workspaces: InstalledWorkspaces;
}

interface InstallSettings
  extends InstallPorts, Pick<SlackSettings, "apiUrl" | "publicUrl" | "isAgent"> {
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

/** Bolt's view of the installs. Parley finds tokens for events itself: see installed-workspaces. */
function createInstallationStore({ installs, workspaces }: InstallPorts): InstallationStore {
  return {
    async storeInstallation(installation) {
      await installs.put(installation);
      const { team, enterprise, isEnterpriseInstall } = installation;
      workspaces.forget(isEnterpriseInstall ? { enterprise: enterprise?.id } : { team: team?.id });
    },
    fetchInstallation: () => Promise.reject(new Error("Parley finds installations itself.")),
    async deleteInstallation({ teamId, enterpriseId, isEnterpriseInstall }) {
      await forget(
        { installs, workspaces },
        isEnterpriseInstall ? { enterprise: enterpriseId } : { team: teamId },
      );
    },
  };
}

async function forget({ installs, workspaces }: InstallPorts, installed: Installed): Promise<void> {
  await installs.remove(installed);
  workspaces.forget(installed);
}

const word = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((value) => value || undefined);
const End = z.object({
  team_id: word,
  enterprise_id: word,
  authorizations: z
    .array(z.object({ is_enterprise_install: z.boolean().nullish().catch(undefined) }))
    .catch([]),
  event: z.object({
    tokens: z
      .object({ bot: z.array(z.string()).optional() })
      .optional()
      .catch(undefined),
  }),
});

/** Forgets an installation when the app is removed or its bot token revoked. */
export function listenForRemovals(app: App, ports: InstallPorts): void {
  const remove = async (body: unknown, isAll: boolean): Promise<void> => {
    const { data } = End.safeParse(body);
    if (!data || (!isAll && (data.event.tokens?.bot ?? []).length === 0)) return;
    const { team_id: team, enterprise_id: enterprise, authorizations } = data;
    const isOrg = team === undefined || authorizations.some((one) => one.is_enterprise_install);
    await forget(ports, isOrg ? { enterprise } : { team });
  };
  app.event("app_uninstalled", ({ body }) => remove(body, true));
  app.event("tokens_revoked", ({ body }) => remove(body, false));
}
