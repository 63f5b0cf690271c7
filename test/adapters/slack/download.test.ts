import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFileHosts, downloadFile } from "../../../adapters/slack/threads/attached-files.ts";

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

interface Asked {
  readonly allowed?: string;
  readonly mediaType?: string;
  readonly size?: number;
  readonly maxBytes?: number;
}

const get = async (url: string, asked: Asked = {}) => {
  const { allowed = url, mediaType = "text/plain", size, maxBytes = 1_000 } = asked;
  const hosts = createFileHosts("https://slack.com/api/", [new URL(allowed).host]);
  const { signal } = new AbortController();
  const options = { token: "xoxb-1", hosts, mediaType, size, maxBytes, signal };
  return Buffer.from(await downloadFile(url, options)).toString("latin1");
};

it("sends the token", async () => {
  const base = await serve((request, response) => response.end(request.headers.authorization));
  expect(await get(`${base}/a.txt`)).toBe("Bearer xoxb-1");
});

const allows = (hosts: ReturnType<typeof createFileHosts>) => (url: string) =>
  hosts.allows(new URL(url));

it.each([
  "https://files.slack.com/a",
  "https://FILES.Slack.com:443/a",
  "https://acme.enterprise.slack.com/a",
  "https://files.slack-gov.com/a",
  "http://127.0.0.1:9/a",
  "https://files.test/a",
  "https://cdn.test:8443/a",
  "http://cdn.test:8443/a",
  "http://plain.test/a",
  "http://[::1]:7000/a",
])("sends the token to Slack's hosts, the API's origin and named hosts: %s", (url) => {
  const named = ["files.test", "cdn.test:8443", "http://plain.test", "[::1]:7000"];
  expect(allows(createFileHosts("http://127.0.0.1:9/api/", named))(url)).toBe(true);
});

it.each([
  "http://files.slack.com/a",
  "http://slack.com/a",
  "http://slack.com:443/a",
  "https://files.slack.com:8443/a",
  "https://slack.com:80/a",
  "https://files.slack.com.evil.test/a",
  "https://evilslack.com/a",
  "https://slack.com@evil.test/a",
  "https://user:word@files.slack.com/a",
  "https://files.slack.com./a",
  "https://xn--slck-0na.com/a",
  "https://127.0.0.1:9/a",
  "http://127.0.0.1:10/a",
  "http://127.0.0.1/a",
  "http://localhost:9/a",
  "http://files.test/a",
  "https://files.test:8443/a",
  "https://sub.files.test/a",
  "https://cdn.test/a",
  "https://cdn.test:8444/a",
  "https://plain.test/a",
  "ftp://files.slack.com/a",
  "file:///etc/passwd",
])("does not send it anywhere else: %s", (url) => {
  const named = ["files.test", "cdn.test:8443", "http://plain.test"];
  expect(allows(createFileHosts("http://127.0.0.1:9/api/", named))(url)).toBe(false);
});

it.each([
  "*.test",
  "files.test/path",
  "user@files.test",
  "files.test:99999",
  "ftp://a.test",
  ":80",
])("names the invalid entry of SLACK_FILE_HOSTS: %s", (entry) => {
  expect(() => createFileHosts("https://slack.com/api/", [entry])).toThrow(
    `SLACK_FILE_HOSTS must list hosts, such as files.example.com or 127.0.0.1:8080, not "${entry}"`,
  );
});

it("does not send the token along a redirect to another host", async () => {
  const seen: unknown[] = [];
  const other = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end("stolen");
  });
  const base = await serve((_, response) => response.writeHead(302, { location: other }).end());
  await expect(get(base)).rejects.toThrow(/is not Slack/);
  expect(seen).toEqual([]);
});

it("follows a redirect on the same host, but no circle", async () => {
  const base = await serve((request, response) => {
    if (request.url === "/new") return void response.end("here");
    response.writeHead(302, { location: request.url === "/old" ? "/new" : "/round" }).end();
  });
  expect(await get(`${base}/old`)).toBe("here");
  await expect(get(`${base}/round`)).rejects.toThrow(/does not say where/);
});

it("checks every redirect, also to another port of the same host", async () => {
  let ports: readonly string[] = [];
  const asked: string[] = [];
  const base = await serve((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(302, { location: request.url === "/2" ? ports[1] : "/2" }).end();
  });
  const other = await serve((_, response) => response.end("other port"));
  ports = [base, other];
  await expect(get(`${base}/1`)).rejects.toThrow(/is not Slack/);
  expect(asked).toEqual(["/1", "/2"]);
});

describe("a response that is not the file", () => {
  const as = (type: string | undefined, body: string | Buffer) =>
    serve((_, response) => response.writeHead(200, type ? { "content-type": type } : {}).end(body));
  const PNG = Buffer.from("\x89PNG\r\n\x1a\n...", "latin1");

  it("is a login page, by its header", async () => {
    const base = await as("text/html; charset=utf-8", "<html>");
    await expect(get(base)).rejects.toThrow(/login page.*files:read/);
    expect(await get(base, { mediaType: "text/html" })).toBe("<html>");
  });

  it.each([
    ["a page as an image", "<!DOCTYPE html><title>Sign in</title>"],
    ["in capitals, after blanks", "\r\n\t <HTML lang=en>"],
    ["after a byte order mark", "\uFEFF<!doctype html>"],
    ["after comments and a declaration", '<?xml version="1.0"?><!-- a --><!-- b --><html>'],
    ["in UTF-16", Buffer.from("\uFEFF<html>", "utf16le")],
    ["with a PDF's header inside", "<html><pre>%PDF-1.7</pre>"],
  ])("is a login page, by its bytes: %s", async (_, page) => {
    for (const mediaType of ["image/png", "application/pdf", "application/zip"]) {
      await expect(get(await as(mediaType, page), { mediaType })).rejects.toThrow(/login page/);
    }
  });

  it("is a login page that comes for a text of another size; a text may be a page itself", async () => {
    const page = "<!DOCTYPE html><title>Sign in</title>";
    const base = await as("text/plain", page);
    await expect(get(base, { size: 13 })).rejects.toThrow(/login page/);
    expect(await get(base, { size: page.length })).toBe(page);
  });

  it.each([
    ["JSON", '{"ok":false,"error":"invalid_auth"}'],
    ["XML", '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>'],
    ["an SVG drawing", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ["an SVG drawing", '<?xml version="1.0"?><!-- x --><!DOCTYPE svg PUBLIC ""><svg/>'],
    ["something else", "Not found"],
    ["nothing", ""],
  ])("is %s, and no image or PDF: %s", async (what, body) => {
    for (const mediaType of ["image/png", "IMAGE/JPEG", "image/webp; q=1", "application/pdf"]) {
      const base = await as(mediaType, body);
      await expect(get(base, { mediaType })).rejects.toThrow(`but holds ${what}.`);
    }
  });

  it("is the file after all, though its kind is another one that models read", async () => {
    expect(await get(await as("image/jpeg", PNG), { mediaType: "image/jpeg" })).toMatch(/PNG/);
    const pdf = await as("application/pdf", "junk before\n%PDF-1.4");
    expect(await get(pdf, { mediaType: "application/pdf" })).toMatch(/%PDF/);
    const svg = await as("image/svg+xml", "<svg/>");
    expect(await get(svg, { mediaType: "image/svg+xml" })).toBe("<svg/>");
  });
});

it("stops at the announced size", async () => {
  const base = await serve((_, response) => response.end("x".repeat(2_000)));
  await expect(get(base)).rejects.toThrow(/larger than Slack said/);
});

it("reports Slack's HTTP status", async () => {
  const base = await serve((_, response) => response.writeHead(404).end());
  await expect(get(base)).rejects.toThrow(/HTTP 404/);
});
