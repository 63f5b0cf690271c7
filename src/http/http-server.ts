import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { SettingsError } from "../settings.ts";

/** Answers a request and returns true; or returns false, having touched nothing, when the path is not its own. */
export type HttpRoute = (request: IncomingMessage, response: ServerResponse) => boolean;

/** What one client may hold of the server. Slack's largest requests are some 100 kB, and all of them arrive at once. */
export interface HttpLimits {
  /** From the start of a connection or of its next request until all headers are there, ms. */
  readonly headersMs: number;
  /** Until the whole body is there, ms. */
  readonly requestMs: number;
  /** A connection on which nothing moves is closed, ms. */
  readonly silentMs: number;
  /** How often the deadlines are looked at, ms. */
  readonly checkMs: number;
  readonly bodyBytes: number;
  /** Connections at once. A further one closes the oldest that is not being answered; if all are, it is refused. */
  readonly connections: number;
}

/** A route that reads a body without a length holds to this as well. */
export const MOST_BODY_BYTES = 2_000_000;

const LIMITS: HttpLimits = {
  headersMs: 10_000,
  requestMs: 20_000,
  silentMs: 60_000,
  checkMs: 1_000,
  bodyBytes: MOST_BODY_BYTES,
  connections: 1_000,
};

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The first that answers. */
  readonly routes: readonly HttpRoute[];
  readonly onProblem: (problem: unknown) => void;
  readonly limits?: Partial<HttpLimits>;
}

/** The process's one HTTP server. */
export interface HttpServer {
  /** Where it listens: "http://127.0.0.1:3000". */
  readonly url: string;
  /** Answers nothing any more. */
  close(): Promise<void>;
}

/** Resolves when it listens; rejects with a `SettingsError` when the address cannot be had. */
export async function openHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port } = options;
  const limits = { ...LIMITS, ...options.limits };
  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
  });
  server.setTimeout(limits.silentMs);
  const connections = capConnections(limits.connections);
  server.on("connection", (socket) => connections.opened(socket));
  server.on("request", (request, response) => {
    connections.asked(request, response);
    if (!isTooLarge(request, response, limits.bodyBytes)) answer(options, request, response);
  });
  server.listen({ host, port });
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new SettingsError(whyNot(cause, host, port), { cause });
  }
  server.on("error", options.onProblem);
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Caps the connections, so that clients that only hold theirs do not keep others out. */
function capConnections(most: number) {
  /** Every connection, oldest first, with the request that it is answering. */
  const open = new Map<Socket, IncomingMessage | undefined>();
  const isBusy = (socket: Socket): boolean => open.get(socket)?.complete === true;

  return {
    opened(socket: Socket): void {
      if (open.size >= most) {
        const idle = [...open.keys()].find((each) => !isBusy(each)) ?? socket;
        open.delete(idle);
        idle.destroy();
        if (idle === socket) return;
      }
      open.set(socket, undefined);
      socket.once("close", () => open.delete(socket));
    },
    asked(request: IncomingMessage, response: ServerResponse): void {
      const { socket } = request;
      if (open.has(socket)) open.set(socket, request);
      response.once("close", () => {
        if (open.has(socket)) open.set(socket, undefined);
        // Otherwise Node would go on receiving a body that nobody reads.
        if (!request.complete) socket.destroySoon();
      });
    },
  };
}

/** Answers 413 to a body that says it is too large; one without a length is cut off by who reads it, or with the answer. */
function isTooLarge(request: IncomingMessage, response: ServerResponse, most: number): boolean {
  if (!(Number(request.headers["content-length"]) > most)) return false;
  response.writeHead(413, { "content-type": "text/plain", connection: "close" });
  response.end("The request is too large.\n");
  return true;
}

function answer(
  { routes, onProblem }: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  try {
    if (routes.some((route) => route(request, response))) return;
    response.writeHead(404, { "content-type": "text/plain" }).end("There is nothing here.\n");
  } catch (problem) {
    onProblem(problem);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
}

function whyNot(cause: unknown, host: string, port: number): string {
  const why = cause instanceof Error ? cause.message : String(cause);
  return /EADDRINUSE/.test(why)
    ? `Port ${port} on ${host} is in use by another program: set PORT to a free one, or stop that program.`
    : `${host}:${port} cannot be listened on (${why}): set HOST and PORT.`;
}
