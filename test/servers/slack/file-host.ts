import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen, type Listening } from "./listen.ts";
import type { FileRecord } from "./state/file.ts";
import type { World } from "./state/world.ts";
import { formIn, readBytes } from "./web-api/read-body.ts";

const LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in to Slack</title></head></html>";

/** A host that is not Slack's: where redirects lead that should never be given the token. */
export async function createForeignHost(world: Pick<World, "reject">): Promise<Listening> {
  const server = createServer((request, response) => {
    if (request.headers.authorization) {
      world.reject("the bot token was sent to a host that is not Slack's");
    }
    response.writeHead(200, { "content-type": "application/octet-stream" }).end("foreign bytes");
  });
  return listen(server);
}

/** Uploads, and downloads with the bot token. */
export function createFileHost(world: World, foreign: Listening) {
  const find = (team = "", id = ""): FileRecord | undefined =>
    world.workspaces.get(team)?.files.get(id);

  const download = (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const [, team, id, rest = ""] = /^\/files-pri\/(\w+)-(\w+)\/(.*)$/.exec(path) ?? [];
    const file = find(team, id);
    if (!file || file.behaviour === "gone") return void response.writeHead(404).end();
    if (!mayRead(world, file, request) || file.behaviour === "login-page") {
      return void response.writeHead(200, { "content-type": "text/html" }).end(LOGIN_PAGE);
    }
    const location = {
      redirect: rest.startsWith("moved/") ? undefined : path.replace(rest, `moved/${rest}`),
      "redirect-away": `${foreign.url}/${file.id}`,
      plain: undefined,
    }[file.behaviour];
    if (location !== undefined) return void response.writeHead(302, { location }).end();
    response.writeHead(200, {
      "content-type": file.mimetype,
      "content-length": file.bytes.byteLength,
    });
    response.end(file.bytes);
  };

  const upload = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const [, team, id] = /^\/upload\/v1\/(\w+)\/(\w+)$/.exec(url.pathname) ?? [];
    const file = find(team, id);
    if (!file || file.isComplete) return void response.writeHead(404).end("no such upload");
    const bytes = await bytesOf(request);
    if (bytes.byteLength !== Number(url.searchParams.get("length"))) {
      world.reject(`an upload of ${bytes.byteLength} bytes was announced with another length`);
      return void response.writeHead(400).end("wrong length");
    }
    file.bytes = bytes;
    response.writeHead(200, { "content-type": "text/plain" }).end(`OK - ${bytes.byteLength}`);
  };
  return { download, upload };
}

const mayRead = (
  { workspaces }: World,
  file: FileRecord,
  { headers }: IncomingMessage,
): boolean => {
  const install = workspaces.get(file.team)?.install;
  return (
    install?.scopes.has("files:read") === true &&
    headers.authorization === `Bearer ${install.token}`
  );
};

/** The body itself, or the first part of a form. */
async function bytesOf(request: IncomingMessage): Promise<Uint8Array> {
  const bytes = await readBytes(request);
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) return bytes;
  const [part] = [...(await formIn(bytes, type)).values()];
  if (part === undefined) return new Uint8Array();
  return typeof part === "string"
    ? new TextEncoder().encode(part)
    : new Uint8Array(await part.arrayBuffer());
}
