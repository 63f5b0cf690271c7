import type { IncomingMessage, ServerResponse } from "node:http";
import { parse } from "node:querystring";
import {
  type App,
  HTTPReceiver,
  HTTPReceiverDeferredRequestError,
  type HTTPReceiverOptions,
  verifySlackRequest,
} from "@slack/bolt";
import { type HttpRoute, MOST_BODY_BYTES } from "../../../src/http/http-server.ts";
import { owningStrays } from "../../../src/stray-errors.ts";
import { createQuietLogger } from "../api/web-client.ts";
import { isOfVisitor } from "../install/install-failed-page.ts";
import { createInstallLimit } from "../install/install-limit.ts";

/** The options of Bolt's receiver for the installation by OAuth. */
export type InstallOptions = Pick<
  HTTPReceiverOptions,
  "clientId" | "clientSecret" | "redirectUri" | "installationStore" | "scopes" | "installerOptions"
>;

export interface HttpOptions {
  /** Absent in Socket Mode, where no events come by HTTP. */
  readonly signingSecret: string | undefined;
  readonly install: InstallOptions | undefined;
  /** Resolves to whether requests are accepted, as soon as that is known. If not, Slack is asked to send them again. */
  readonly mayCome: () => Promise<boolean>;
  readonly onProblem: (problem: unknown) => void;
  /** ms; only differences matter. */
  readonly now: () => number;
}

/** Where Slack sends events, clicks and commands. */
const EVENTS = "/slack/events";
const INSTALL = "/slack/install";
const SKEW_S = 300;

/** Events, interactivity, commands and installation. */
export function createHttpRoute(app: App, options: HttpOptions): HttpRoute {
  const receiver = new HTTPReceiver({
    signingSecret: options.signingSecret ?? "",
    signatureVerification: options.signingSecret !== undefined,
    endpoints: options.signingSecret === undefined ? [] : [EVENTS],
    bodyLimit: MOST_BODY_BYTES,
    logger: createQuietLogger((text) => {
      if (!isOfVisitor(text)) options.onProblem(new Error(text));
    }),
    // After a 500, Slack sends the event again.
    processEventErrorHandler: async ({ error, response }) => {
      options.onProblem(error);
      if (!response.headersSent) response.writeHead(500).end();
      return false;
    },
    ...options.install,
  });
  receiver.init(app);
  const paths = pathsOf(options);
  const limit = createInstallLimit(options.now);
  return (request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "";
    if (!paths.includes(path)) return false;
    if (path !== EVENTS && limit.refuses(request, response)) return true;
    const fail = (problem: unknown): void => {
      options.onProblem(problem);
      refuse(response, 500);
    };
    // Bolt handles requests in promises that nobody awaits.
    void owningStrays({ about: { path }, fail: () => refuse(response, 500) }, () =>
      handle(receiver, options, request, response).catch(fail),
    );
    return true;
  };
}

const pathsOf = ({ signingSecret, install }: HttpOptions): readonly string[] => [
  ...(signingSecret === undefined ? [] : [EVENTS]),
  ...(install ? [INSTALL, install.installerOptions?.redirectUriPath ?? ""] : []),
];

async function handle(
  receiver: HTTPReceiver,
  { mayCome, signingSecret }: HttpOptions,
  ...[request, response]: Parameters<HttpRoute>
): Promise<void> {
  if (!(await mayCome())) return refuse(response, 503);
  normalise(request);
  if (isFromTheFuture(request)) return refuse(response, 401);
  if (request.method === "POST" && signingSecret !== undefined) {
    const body = await readBody(request, MOST_BODY_BYTES);
    if (body === null) return refuse(response, 413);
    const status = refusalOf(request, body.toString(), signingSecret);
    if (status !== null) return refuse(response, status);
    // Bolt accepts a body that was read before.
    Object.assign(request, { rawBody: body });
  }
  receive(receiver, request, response);
}

function receive(receiver: HTTPReceiver, ...[request, response]: Parameters<HttpRoute>): void {
  try {
    receiver.requestListener(request, response);
  } catch (error) {
    // Bolt does not know this kind of request.
    refuse(response, error instanceof HTTPReceiverDeferredRequestError ? 404 : 500);
  }
}

type Status = 400 | 401 | 404 | 413 | 500 | 503;

function refuse(response: ServerResponse, status: Status): void {
  if (response.headersSent) return void response.end();
  // Otherwise the rest of a too large body would be read to its end.
  const end = status === 413 ? { connection: "close" } : {};
  response.writeHead(status, { "content-type": "text/plain", ...end }).end("no\n");
}

/** Bolt compares the whole header, to which many clients add a charset. */
function normalise({ headers }: IncomingMessage): void {
  const form = "application/x-www-form-urlencoded";
  if (headers["content-type"]?.toLowerCase().startsWith(form)) headers["content-type"] = form;
}

/** Bolt refuses signatures older than five minutes, but none from the future. */
const isFromTheFuture = ({ headers }: IncomingMessage): boolean =>
  Number(headers["x-slack-request-timestamp"]) > Date.now() / 1000 + SKEW_S;

/** The whole body; null: it is larger than `most` bytes. Rejects when the connection breaks. */
export function readBody(request: IncomingMessage, most: number): Promise<Buffer | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | null>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > most) resolve(null);
    else chunks.push(chunk);
  });
  request.on("end", () => resolve(Buffer.concat(chunks)));
  request.on("close", () =>
    reject(new Error("The connection broke before the request was complete.")),
  );
  request.on("error", reject);
  return promise;
}

/**
 * The status for a request that Bolt must not see: Bolt expects an object, and throws where nobody catches it for `null`, a list or a plain
 * value. Null: Bolt handles the request, and checks its signature itself.
 */
export function refusalOf(
  { headers }: IncomingMessage,
  body: string,
  signingSecret: string,
): 400 | 401 | null {
  if (holdsObject(headers["content-type"], body)) return null;
  const signature = headers["x-slack-signature"];
  try {
    verifySlackRequest({
      signingSecret,
      body,
      headers: {
        "x-slack-signature": typeof signature === "string" ? signature : "",
        "x-slack-request-timestamp": Number(headers["x-slack-request-timestamp"]),
      },
    });
    return 400;
  } catch {
    return 401;
  }
}

/** A text that begins so is a JSON object, or invalid JSON, which Bolt refuses. */
const BEGINS_OBJECT = /^\s*\{/;

function holdsObject(contentType: string | undefined, body: string): boolean {
  if (contentType !== "application/x-www-form-urlencoded") return BEGINS_OBJECT.test(body);
  const { payload } = parse(body);
  return typeof payload === "string" ? BEGINS_OBJECT.test(payload) : true;
}
