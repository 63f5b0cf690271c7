import { onTestFinished } from "vitest";
import { type HttpRoute, openHttpServer } from "../../src/http/http-server.ts";

/** Parley's HTTP server with one route, for the length of a test; resolves with its URL. */
export async function serveRoute(route: HttpRoute, port = 0): Promise<string> {
  const problems: unknown[] = [];
  const server = await openHttpServer({
    host: "127.0.0.1",
    port,
    routes: [route],
    onProblem: (problem) => void problems.push(problem),
  });
  onTestFinished(() => server.close());
  return server.url;
}
