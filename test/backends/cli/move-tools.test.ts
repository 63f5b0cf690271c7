import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { createMoveTools, type OpenMove } from "../../../src/backends/cli/move-tools/move-tools.ts";
import { toolsOf } from "../../../src/moves/tools.ts";
import { voteTool } from "../ask.ts";

const server = createMoveTools();
afterAll(() => server.close());

const open = async (tools = [voteTool]): Promise<OpenMove> => {
  const move = await server.open(tools);
  onTestFinished(() => move.close());
  return move;
};

const clientOf = async (
  { url, bearer }: Pick<OpenMove, "url" | "bearer">,
  mode: "auto" | "legacy" = "auto",
) => {
  const client = new Client({ name: "agent", version: "1" }, { versionNegotiation: { mode } });
  const headers = { authorization: `Bearer ${bearer}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }),
  );
  onTestFinished(() => client.close());
  return client;
};

/** One request as older agents send it. */
async function post(
  { url, bearer }: Pick<OpenMove, "url" | "bearer">,
  body: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${bearer}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", ...body }),
  });
}

const list = { id: 1, method: "tools/list", params: {} };
const vote = (id: number, reason: string) => ({
  id,
  method: "tools/call",
  params: { name: "vote", arguments: { reason } },
});

describe("the tools of a move", () => {
  test("are listed with the schemas that API models get", async () => {
    const tools = toolsOf({ tally: "pooled", ballot: "chance" });
    const client = await clientOf(await open([...tools]));
    const listed = await client.listTools();
    expect(
      listed.tools.map(({ name, description, inputSchema }) => ({
        name,
        description,
        schema: inputSchema,
      })),
    ).toMatchObject(tools);
  });

  test.each(["auto", "legacy"] as const)(
    "take a call, and hold its reply until the move lets go (%s client)",
    async (mode) => {
      const move = await open();
      const client = await clientOf(move, mode);
      const call = client.callTool({ name: "vote", arguments: { reason: "shorter" } });
      expect(await move.called).toEqual({ name: "vote", arguments: '{"reason":"shorter"}' });
      expect(await Promise.race([call, Promise.resolve("held")])).toBe("held");
      move.release();
      expect(JSON.stringify(await call)).toContain("Recorded");
    },
  );

  test.each(["2025-11-25", "2025-06-18", "2025-03-26"])(
    "speak MCP %s with older agents",
    async (version) => {
      const move = await open();
      const initialized = await post(move, {
        id: 0,
        method: "initialize",
        params: {
          protocolVersion: version,
          capabilities: {},
          clientInfo: { name: "agent", version: "1" },
        },
      });
      expect(await initialized.text()).toContain(`"protocolVersion":"${version}"`);
      const headers = { "mcp-protocol-version": version };
      expect((await post(move, { method: "notifications/initialized" }, headers)).status).toBe(202);
      expect(await (await post(move, list, headers)).text()).toContain("Score every standing");
      const { status } = await fetch(move.url, {
        headers: { authorization: `Bearer ${move.bearer}`, accept: "text/event-stream" },
      });
      expect(status).toBe(405);
      move.release();
      expect(await (await post(move, vote(2, "r"), headers)).text()).toContain("Recorded");
    },
  );

  test("count the first of two calls, and tell the second so at once", async () => {
    const move = await open();
    const first = post(move, vote(1, "first"));
    expect(await move.called).toMatchObject({ arguments: '{"reason":"first"}' });
    expect(await (await post(move, vote(2, "second"))).text()).toContain("Not recorded");
    move.release();
    expect(await (await first).text()).toContain('"text":"Recorded');
  });

  test("take what models write in place of the schema", async () => {
    const move = await open();
    const strange = { scores: "A: 7", reason: 4, more: [null] };
    const params = { name: "vote", arguments: strange };
    const call = post(move, { id: 1, method: "tools/call", params });
    expect(JSON.parse((await move.called).arguments)).toEqual(strange);
    move.release();
    expect((await call).status).toBe(200);
  });

  test("end the reply that is held when the move closes", async () => {
    const move = await open();
    const held = post(move, vote(1, "r")).then((response) => response.text());
    await move.called;
    move.close();
    await expect(held).rejects.toThrow(/terminated|fetch failed/);
  });
});

describe("a request that is not the move's own", () => {
  const status = async (move: Pick<OpenMove, "url" | "bearer">) => (await post(move, list)).status;

  test("is refused without the bearer, with a wrong one, and with that of a closed move", async () => {
    const move = await open();
    const past = await open();
    past.close();
    const { status: without } = await fetch(move.url, { method: "POST", body: "{}" });
    expect(without).toBe(401);
    for (const bearer of ["", "0".repeat(64), move.bearer.slice(1), past.bearer]) {
      expect(await status({ ...move, bearer })).toBe(401);
    }
    expect(await status(move)).toBe(200);
  });

  test("does not count for another move", async () => {
    const [one, other] = [await open(), await open()];
    one.release();
    await post(one, vote(1, "one"));
    const seen = await Promise.race([other.called, Promise.resolve("nothing")]);
    expect(seen).toBe("nothing");
    expect(one.bearer).not.toBe(other.bearer);
  });

  test.each([
    ["under another host's name", { host: "evil.example:80" }],
    ["from a web page", { origin: "https://evil.example" }],
    ["from a page without an address", { origin: "null" }],
  ])("is refused if it comes %s", async (_, headers) => {
    const move = await open();
    const sent = httpRequest(move.url, {
      method: "POST",
      headers: { authorization: `Bearer ${move.bearer}`, ...headers },
    }).end("{}");
    const [response]: { statusCode?: number }[] = await once(sent, "response");
    expect(response?.statusCode).toBe(403);
  });

  test("is refused at other paths, and if it is too long", async () => {
    const move = await open();
    expect(await status({ ...move, url: move.url.replace("/mcp", "/") })).toBe(404);
    const long = await post(move, vote(1, "x".repeat(4_100_000)));
    expect(long.status).toBe(413);
    expect(await status(move)).toBe(200);
  });
});

test("the server closes, though agents hold connections, and starts again when it is needed", async () => {
  const own = createMoveTools();
  const move = await own.open([voteTool]);
  const held = post(move, vote(1, "r")).catch(() => "cut");
  await move.called;
  await own.close();
  expect(await held).toBe("cut");
  await expect(fetch(move.url)).rejects.toThrow();
  const again = await own.open([voteTool]);
  expect((await post(again, list)).status).toBe(200);
  await own.close();
});
