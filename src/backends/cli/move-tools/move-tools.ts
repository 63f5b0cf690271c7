import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { ToolSpec } from "../../backend.ts";
import type { CallRecorder, McpAnswer } from "./mcp-handler.ts";
import type { MoveCall } from "./move-call.ts";
import { answerWith } from "./web-request.ts";

/** One move's tools, while the move runs. */
export interface OpenMove {
  /** The MCP server's address: `http://127.0.0.1:port/mcp`, the same for all moves. */
  readonly url: string;
  /** Goes with each request as `authorization: Bearer …`. It is good for this move only. */
  readonly bearer: string;
  /**
   * The first call. Never settles if there is none. The agent waits for the reply to it, so that it makes no further model call: cancel its turn,
   * then close the move.
   */
  readonly called: Promise<MoveCall>;
  /** Replies to the call that is held, and to later ones at once: for agents that must not be cancelled. */
  release(): void;
  /** The bearer is refused from now on. Requests that are open end. */
  close(): void;
}

/** The MCP server through which agents hand in answers and votes. */
export interface MoveTools {
  /** Starts the server if it does not run. */
  open(tools: readonly ToolSpec[]): Promise<OpenMove>;
  /** Closes all moves and the server. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const PATH = "/mcp";
/** Bytes of the bearer. */
const BEARER_BYTES = 32;
/** Answers are far shorter. */
const LIMITS = { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 };
const MOST_CONNECTIONS = 500;

interface Listening {
  readonly server: Server;
  /** `127.0.0.1:port`. */
  readonly host: string;
}

interface Registered {
  readonly digest: Buffer;
  readonly answer: McpAnswer;
  readonly open: Set<ServerResponse>;
}

/**
 * One server for all moves of the process: Streamable HTTP on loopback, for clients of the MCP versions 2026-07-28 to 2025-03-26. A request needs
 * the bearer of an open move; the other ones are refused and not counted.
 */
export function createMoveTools(): MoveTools {
  const moves = new Set<Registered>();
  let starting: Promise<Listening> | null = null;
  const start = () => (starting ??= listen((request, response) => serve(request, response, moves)));

  return {
    async open(tools) {
      const { createMcpAnswer } = await import("./mcp-handler.ts");
      const { host } = await start();
      const bearer = randomBytes(BEARER_BYTES).toString("hex");
      const recorder = createRecorder();
      const answer = createMcpAnswer(tools, recorder);
      const move = { digest: digestOf(bearer), answer, open: new Set<ServerResponse>() };
      moves.add(move);
      return {
        url: `http://${host}${PATH}`,
        bearer,
        called: recorder.first,
        release: () => recorder.release(),
        close: () => void (moves.delete(move) && end(move)),
      };
    },
    async close() {
      const running = await starting?.catch(() => null);
      starting = null;
      for (const move of moves) end(move);
      moves.clear();
      if (!running) return;
      const closed = once(running.server, "close");
      running.server.close();
      running.server.closeAllConnections();
      await closed;
    },
  };
}

function end({ answer, open }: Registered): void {
  answer.close();
  for (const response of open) response.destroy();
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listening> {
  const server = createServer(LIMITS, handle);
  server.maxConnections = MOST_CONNECTIONS;
  server.listen(0, HOST);
  await once(server, "listening");
  // Parley may exit while an agent keeps a connection.
  server.unref();
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("There is no port.");
  return { server, host: `${HOST}:${address.port}` };
}

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  moves: ReadonlySet<Registered>,
): void {
  const status = refusalOf(request);
  if (status !== null) return refuse(request, response, status);
  const move = moveOf(request, moves);
  if (!move) return refuse(request, response, 401);
  move.open.add(response);
  response.once("close", () => move.open.delete(response));
  void answerWith(request, response, move.answer.fetch);
}

/** Browsers may be led to this address under another name, and they tell where a request comes from. */
function refusalOf({ headers, url = "", socket }: IncomingMessage): number | null {
  if (headers.host !== `${HOST}:${socket.localPort}`) return 403;
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return 403;
  return url.replace(/\?.*/s, "") === PATH ? null : 404;
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  request.resume();
  const headers = status === 401 ? { "www-authenticate": "Bearer" } : {};
  response.writeHead(status, { ...headers, connection: "close" }).end();
}

/** Compares with every open move, so that the time tells nothing. */
function moveOf(
  { headers }: IncomingMessage,
  moves: ReadonlySet<Registered>,
): Registered | undefined {
  const [, bearer = ""] = /^Bearer ([\da-f]{64})$/i.exec(headers.authorization ?? "") ?? [];
  const given = digestOf(bearer);
  return [...moves].filter(({ digest }) => timingSafeEqual(digest, given))[0];
}

const digestOf = (bearer: string): Buffer => createHash("sha256").update(bearer).digest();

interface Recorder extends CallRecorder {
  readonly first: Promise<MoveCall>;
  release(): void;
}

function createRecorder(): Recorder {
  const called = Promise.withResolvers<MoveCall>();
  const released = Promise.withResolvers<void>();
  let count = 0;
  return {
    first: called.promise,
    release: () => released.resolve(),
    async record(call) {
      count += 1;
      if (count > 1) return "later";
      called.resolve(call);
      await released.promise;
      return "first";
    },
  };
}
