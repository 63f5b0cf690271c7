import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { SettingsError } from "../settings.ts";

/** Handles a request and returns true, or returns false and touches nothing when the path is not its own. */
export type HttpRoute = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Limits for clients. Slack's largest requests have about 100 kB, and many arrive at once. */
export interface HttpLimits {
  /** Timeout for all headers of a request, ms. */
  readonly headersMs: number;
  /** Timeout for the whole body, ms. */
  readonly requestMs: number;
  /** Idle timeout of a connection, ms. */
  readonly silentMs: number;
  /** How often the timeouts are checked, ms. */
  readonly checkMs: number;
  readonly bodyBytes: number;
  /** Concurrent connections. A further one closes the oldest idle connection; if all are busy, it is refused. */
  readonly connections: number;
}

/** Routes that read a body without a length use this limit too. */
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
  /** 0: any free port. */
  readonly port: number;
  /** The first matching route handles a request. */
  readonly routes: readonly HttpRoute[];
  readonly onProblem: (problem: unknown) => void;
  readonly limits?: Partial<HttpLimits>;
}

/** The process's one HTTP server. */
export interface HttpServer {
  /** Its address: "http://127.0.0.1:3000". */
  readonly url: string;
  /** Closes the server and its connections. */
  close(): Promise<void>;
}

/** Resolves when it listens; rejects with a `SettingsError` when the address is unavailable. */
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

/** Limits the connections, so that idle clients do not block others. */
function capConnections(most: number) {
  /** Every connection, oldest first, with its current request. */
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
        // Otherwise Node keeps receiving the unread body.
        if (!request.complete) socket.destroySoon();
      });
    },
  };
}

/** Responds with 413 if the declared length is too large; the route limits a body without a length. */
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
    response.writeHead(404, { "content-type": "text/plain" }).end("Not found.\n");
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
    : `${host}:${port} is unavailable (${why}): set HOST and PORT.`;
}
