import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import {
  download,
  type DownloadOptions,
  DownloadRefusedError,
} from "../../src/adapter-kit/download.ts";

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

const get = async (url: string, more: Partial<DownloadOptions> = {}) => {
  const { signal } = new AbortController();
  const options = { platform: "Discord", maxBytes: 100, signal, ...more };
  return Buffer.from(await download(url, options)).toString();
};

it("follows redirects, with the same headers", async () => {
  const base = await serve((request, response) => {
    if (request.url === "/new") return void response.end(request.headers.authorization);
    response.writeHead(302, { location: "/new" }).end();
  });
  expect(await get(`${base}/old`, { headers: { authorization: "Bearer x" } })).toBe("Bearer x");
});

it("asks before each fetch whether the address will do", async () => {
  const asked: string[] = [];
  const base = await serve((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(302, { location: "/private" }).end();
  });
  const checkUrl = ({ pathname }: URL) => {
    if (pathname === "/private") throw new Error("Not from there.");
  };
  await expect(get(`${base}/open`, { checkUrl })).rejects.toThrow("Not from there.");
  expect(asked).toEqual(["/open"]);
});

it("gives up on a circle of redirects, and on what is no address", async () => {
  const base = await serve((_, response) => response.writeHead(302, { location: "/" }).end());
  for (const address of [base, "not a url"]) {
    await expect(get(address)).rejects.toThrow("Discord does not say where the file is.");
  }
});

it.each([401, 403, 404, 410, 500])("reports HTTP %i with its status", async (status) => {
  const base = await serve((_, response) => response.writeHead(status).end("no"));
  const error = await get(base).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DownloadRefusedError);
  expect(error).toMatchObject({
    status,
    message: `Discord does not hand out the file (HTTP ${status}).`,
  });
});

it("stops at the size it was told, however much follows", async () => {
  let isCancelled = false;
  const base = await serve((_, response) => {
    response.on("close", () => (isCancelled = true));
    response.write("x".repeat(101));
  });
  await expect(get(base)).rejects.toThrow("The file is larger than Discord said.");
  await expect.poll(() => isCancelled).toBe(true);
  expect(await get(await serve((_, response) => response.end("x".repeat(100))))).toHaveLength(100);
});

it("stops with the signal's reason", async () => {
  const abort = new AbortController();
  const base = await serve((_, response) => {
    response.write("x");
    abort.abort(new Error("The turn was stopped."));
  });
  await expect(get(base, { signal: abort.signal })).rejects.toThrow("The turn was stopped.");
});
