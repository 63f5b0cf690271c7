import type { IncomingMessage, ServerResponse } from "node:http";
import { HTTPReceiver, type App, type HTTPReceiverOptions } from "@slack/bolt";
import { createQuietLogger } from "../api/quiet-logger.ts";

/** How Bolt's receiver serves the installation by OAuth: its options for it, as they are. */
export type InstallOptions = Pick<
  HTTPReceiverOptions,
  | "clientId"
  | "clientSecret"
  | "stateSecret"
  | "redirectUri"
  | "installationStore"
  | "scopes"
  | "installerOptions"
>;

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Absent in Socket Mode: then the server takes no events. */
  readonly signingSecret: string | undefined;
  readonly install: InstallOptions | undefined;
  /** Whether events flow. */
  readonly isReady: () => boolean;
  readonly onWarning: (text: string) => void;
}

export interface HttpServer {
  /** Resolves with the port; rejects when it cannot be listened on. */
  start(app: App): Promise<number>;
  stop(): Promise<void>;
}

/** Where Slack sends events, clicks and commands. */
const EVENTS = "/slack/events";
const SKEW_S = 300;

/** Events, interactivity, commands, installation and health on one port. */
export function createHttpServer(options: HttpOptions): HttpServer {
  const receiver = new HTTPReceiver({
    signingSecret: options.signingSecret ?? "",
    signatureVerification: options.signingSecret !== undefined,
    endpoints: options.signingSecret === undefined ? [] : [EVENTS],
    logger: createQuietLogger(options.onWarning),
    customRoutes: [
      {
        path: "/healthz",
        method: ["GET", "HEAD"],
        handler: (_, response) => answer(response, 200),
      },
      {
        path: "/readyz",
        method: ["GET", "HEAD"],
        handler: (_, response) => answer(response, options.isReady() ? 200 : 503),
      },
    ],
    ...options.install,
  });
  const listen = receiver.requestListener;
  receiver.requestListener = (request, response) => {
    normalise(request);
    if (isFromTheFuture(request)) return answer(response, 401);
    listen(request, response);
  };
  return {
    async start(app) {
      receiver.init(app);
      const { host, port } = options;
      const address = (await receiver.start({ host, port })).address();
      return typeof address === "object" && address !== null ? address.port : port;
    },
    stop: () => receiver.stop().catch(() => {}),
  };
}

function answer(response: ServerResponse, status: 200 | 401 | 503): void {
  response.writeHead(status, { "content-type": "text/plain" });
  response.end(`${status === 200 ? "ok" : "no"}\n`);
}

/** Bolt knows a form by this very header, and many clients add a charset to it. */
function normalise({ headers }: IncomingMessage): void {
  const form = "application/x-www-form-urlencoded";
  if (headers["content-type"]?.toLowerCase().startsWith(form)) headers["content-type"] = form;
}

/** Bolt refuses signatures older than five minutes, and takes any from the future. */
const isFromTheFuture = ({ headers }: IncomingMessage): boolean =>
  Number(headers["x-slack-request-timestamp"]) > Date.now() / 1000 + SKEW_S;
