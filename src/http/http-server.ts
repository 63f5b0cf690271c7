import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { SettingsError } from "../settings.ts";

/** Answers a request and returns true; or returns false, having touched nothing, when the path is not its own. */
export type HttpRoute = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The first that answers. */
  readonly routes: readonly HttpRoute[];
  readonly onProblem: (problem: unknown) => void;
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
  const server = createServer((request, response) => answer(options, request, response));
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
