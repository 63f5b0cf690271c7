import { isTransientPlatformError, retry } from "../../../src/adapter-kit/queue/retry.ts";
import type { Clock } from "../../../src/clock.ts";
import { PlatformError } from "../../../src/platform.ts";
import type { Clients } from "../api/clients.ts";
import { BotIdentity } from "../wire/answers.ts";
import type { Workspace, Workspaces } from "../workspaces.ts";
import { checkScopes } from "./scopes.ts";

export interface SingleWorkspaceOptions {
  readonly token: string;
  readonly clients: (workspace: Workspace) => Clients;
  readonly clock: Clock;
  readonly onWarning: (text: string) => void;
}

const TRIES = 3;
const backoffMs = (tries: number): number => 500 * 2 ** (tries - 1);

/**
 * The workspace of the single bot token. Every event belongs to it, also an event of a shared channel that names another team. If a resumed
 * turn needs it before `open`, it asks Slack then.
 */
export function createSingleWorkspace(options: SingleWorkspaceOptions): Workspaces {
  let known: Workspace | undefined;
  let asking: Promise<Workspace> | undefined;
  const ask = async (): Promise<Workspace> => {
    asking ??= identifyInTime(options).finally(() => (asking = undefined));
    known = await asking;
    return known;
  };
  return {
    async open() {
      await ask();
    },
    async of(team) {
      const workspace = known ?? (await ask());
      // An organisation's token serves all its workspaces, each with its own conversations.
      if (team === "") return workspace;
      const isOfMany = workspace.enterprise !== undefined || workspace.team === "";
      return isOfMany ? { ...workspace, team } : workspace;
    },
    all: async () => (known ? [known] : []),
  };
}

/** Rate limits and short outages must not keep Parley from starting. */
const identifyInTime = (options: SingleWorkspaceOptions): Promise<Workspace> =>
  retry(() => identify(options), {
    clock: options.clock,
    delayAfter(error, failures) {
      if (!isTransientPlatformError(error)) return undefined;
      if (failures === TRIES) throw unreachable(error);
      return error.retryAfterMs ?? backoffMs(failures);
    },
  });

const unreachable = (cause: PlatformError): PlatformError => {
  const what = "Check the network of this machine, and SLACK_API_URL if it is set.";
  // A connection that fails at once says so itself.
  const isSaid = cause.message.startsWith("Slack cannot be reached");
  const why = isSaid ? cause.message : `Slack cannot be reached: ${cause.message}`;
  return new PlatformError(cause.outcome, `${why} ${what}`, { cause });
};

/** Rejects with a `PlatformError`. */
async function identify({ clients, token, onWarning }: SingleWorkspaceOptions): Promise<Workspace> {
  const nobody = { team: "", enterprise: undefined, token, botUser: "", botId: undefined };
  const identity = await clients(nobody).reading.call("auth.test", {}, BotIdentity);
  const { scopes } = identity.response_metadata ?? {};
  const { error, warning } = scopes ? checkScopes(scopes) : {};
  if (error) throw new PlatformError("rejected", error);
  if (warning) onWarning(warning);
  return {
    team: identity.team_id ?? "",
    enterprise: identity.is_enterprise_install ? (identity.enterprise_id ?? undefined) : undefined,
    organisation: identity.enterprise_id ?? undefined,
    token,
    botUser: identity.user_id,
    botId: identity.bot_id ?? undefined,
  };
}
