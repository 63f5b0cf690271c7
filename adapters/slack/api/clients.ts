import { webApi } from "@slack/bolt";
import { z } from "zod";
import { retry } from "../../../src/adapter-kit/queue/retry.ts";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import { systemClock } from "../../../src/clock.ts";
import { PlatformError } from "../../../src/platform.ts";
import type { Workspace } from "../workspaces.ts";
import { type HowInstalled, isRevoked, toPlatformError } from "./errors.ts";
import { webClientOptions } from "./web-client.ts";

/** A client of Slack's Web API with its own queue, so that calls of other clients do not delay its calls. */
export interface Client {
  /** Calls a method and reads its answer. Rejects with a `PlatformError`. */
  call<T>(method: string, args: Record<string, unknown>, answer: z.ZodType<T>): Promise<T>;
  /** Shares a text file in a thread. Rejects with a `PlatformError`. */
  upload(file: SharedFile): Promise<void>;
}

interface SharedFile {
  readonly channel: string;
  readonly thread: string;
  readonly name: string;
  readonly text: string;
}

/** Clients by purpose, since Slack limits each method, and the library each client. */
export interface Clients {
  /** History, names, look-ups. It only reads, so it retries by itself. */
  readonly reading: Client;
  /** Status messages, typing status, views. */
  readonly progress: Client;
  /** Answers and notes. */
  readonly finals: Client;
}

export interface ClientOptions {
  readonly apiUrl: string;
  /** Decides what error texts advise. */
  readonly how?: HowInstalled;
  /** After Slack refused the workspace's token: the workspace with another token, if there is one. */
  readonly renewed?: (workspace: Workspace) => Promise<Workspace | undefined>;
  /** A call said that the installation is gone. */
  readonly onRevoked: (workspace: Workspace, error: unknown) => void;
}

const MOST_WORKSPACES = 5_000;

/** The clients of each workspace. */
export function createClients(options: ClientOptions): (workspace: Workspace) => Clients {
  const made = createBoundedMap<string, { readonly token: string; readonly clients: Clients }>(
    MOST_WORKSPACES,
  );
  return (workspace) => {
    const known = made.get(workspace.team);
    if (known?.token === workspace.token) return known.clients;
    const client = () => createClient(options, workspace);
    const clients = { reading: persistent(client()), progress: client(), finals: client() };
    made.set(workspace.team, { token: workspace.token, clients });
    return clients;
  };
}

/** How long to wait before each repetition of a read, ms. */
const AGAIN_MS = [200, 600] as const;

/** A call that fails after this long is not retried, ms: it would take as long again. */
const SLOW_MS = 3_000;

/** Retries calls that got no answer, which is harmless for reads. */
const persistent = (client: Client): Client => ({
  ...client,
  call(method, args, answer) {
    let began = 0;
    const attempt = () => {
      began = systemClock.now();
      return client.call(method, args, answer);
    };
    return retry(attempt, {
      clock: systemClock,
      delayAfter: (error, failures) =>
        isWorthAnotherTry(error) && systemClock.now() - began <= SLOW_MS
          ? AGAIN_MS[failures - 1]
          : undefined,
    });
  },
});

/** Not refusals, and not answers that cannot be parsed. */
const isWorthAnotherTry = (error: unknown): boolean =>
  error instanceof PlatformError &&
  error.outcome === "unknown" &&
  !(error.cause instanceof z.ZodError);

function createClient(options: ClientOptions, workspace: Workspace): Client {
  const state = connectionOf(options, workspace);
  const attempt = async <T>(
    method: string,
    action: (client: webApi.WebClient) => Promise<T>,
  ): Promise<T> => {
    const used = { ...state };
    try {
      return await action(used.client);
    } catch (error) {
      const fresh = isRevoked(error) && (await options.renewed?.(used.workspace));
      if (!fresh || fresh.token === used.workspace.token)
        throw explained(options, used, { error, method });
      Object.assign(state, connectionOf(options, fresh));
    }
    // The call with the refused token had no effect, so it may be repeated.
    const renewed = { ...state };
    try {
      return await action(renewed.client);
    } catch (error) {
      throw explained(options, renewed, { error, method });
    }
  };
  return {
    call: (method, args, answer) =>
      attempt(method, async (client) => answer.parse(await client.apiCall(method, args))),
    upload: ({ channel, thread, name, text }) =>
      attempt("files.uploadV2", async (client) => {
        await client.filesUploadV2({
          channel_id: channel,
          thread_ts: thread,
          filename: name,
          title: name,
          content: text,
        });
      }),
  };
}

const connectionOf = ({ apiUrl }: ClientOptions, workspace: Workspace) => ({
  workspace,
  client: new webApi.WebClient(workspace.token, {
    ...webClientOptions(apiUrl),
    // An organisation's token serves many workspaces: each call names one.
    ...(workspace.enterprise && { teamId: workspace.team }),
  }),
});

function explained(
  { onRevoked, how }: ClientOptions,
  { workspace }: ReturnType<typeof connectionOf>,
  { error, method }: { readonly error: unknown; readonly method: string },
): PlatformError {
  const failure = toPlatformError(error, method, how);
  if (isRevoked(error)) onRevoked(workspace, failure);
  return failure;
}
