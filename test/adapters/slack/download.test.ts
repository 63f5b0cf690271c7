import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { createFileHosts, download } from "../../../adapters/slack/files/download.ts";

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

const get = async (url: string, { allowed = url, maxBytes = 1_000, isHtml = false } = {}) => {
  const hosts = createFileHosts("https://slack.com/api/", [new URL(allowed).host]);
  const { signal } = new AbortController();
  const bytes = await download(url, { token: "xoxb-1", hosts, maxBytes, isHtml, signal });
  return Buffer.from(bytes).toString();
};

it("fetches with the token", async () => {
  const base = await serve((request, response) => response.end(request.headers.authorization));
  expect(await get(`${base}/a.txt`)).toBe("Bearer xoxb-1");
});

it("goes to Slack's hosts, to the API's and to named ones, and nowhere else", () => {
  const hosts = createFileHosts("http://127.0.0.1:9/api/", ["files.test"]);
  const allowed = (url: string) => hosts.allows(new URL(url));
  expect(allowed("https://files.slack.com/a")).toBe(true);
  expect(allowed("http://127.0.0.1:9/a")).toBe(true);
  expect(allowed("https://files.test/a")).toBe(true);
  for (const url of [
    "http://files.slack.com/a",
    "https://files.slack.com.evil.test/a",
    "https://evilslack.com/a",
    "https://files.slack.com:8443/a",
    "http://127.0.0.1:10/a",
    "file:///etc/passwd",
  ])
    expect(allowed(url)).toBe(false);
});

it("takes the token along no redirect to another host", async () => {
  const seen: unknown[] = [];
  const other = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end("stolen");
  });
  const base = await serve((_, response) => response.writeHead(302, { location: other }).end());
  await expect(get(base)).rejects.toThrow(/is not Slack/);
  expect(seen).toEqual([]);
});

it("follows a redirect that stays, but not in circles", async () => {
  const base = await serve((request, response) => {
    if (request.url === "/new") return void response.end("here");
    response.writeHead(302, { location: request.url === "/old" ? "/new" : "/round" }).end();
  });
  expect(await get(`${base}/old`)).toBe("here");
  await expect(get(`${base}/round`)).rejects.toThrow(/does not say where/);
});

it("knows a login page from a file", async () => {
  const base = await serve((_, response) =>
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<html>"),
  );
  await expect(get(base)).rejects.toThrow(/login page.*files:read/);
  expect(await get(base, { isHtml: true })).toBe("<html>");
});

it("stops at the size it was told", async () => {
  const base = await serve((_, response) => response.end("x".repeat(2_000)));
  await expect(get(base)).rejects.toThrow(/larger than Slack said/);
});

it("says when Slack hands nothing out", async () => {
  const base = await serve((_, response) => response.writeHead(404).end());
  await expect(get(base)).rejects.toThrow(/HTTP 404/);
});
