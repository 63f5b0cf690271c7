import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setImmediate as nextTick, setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { anthropicWire } from "./anthropic-wire.ts";
import { chatWire } from "./chat-wire.ts";
import { geminiWire } from "./gemini-wire.ts";
import type { ErrorKind, RecordedRequest, Reply, Wire, WireName } from "./model-wire.ts";
import { responsesWire } from "./responses-wire.ts";

export const wires: Readonly<Record<WireName, Wire>> = {
  responses: responsesWire,
  chat: chatWire,
  anthropic: anthropicWire,
  gemini: geminiWire,
};

/** What the server does with one request. */
export type Scene =
  /** A whole answer; `drip` sends it byte by byte, so that characters and frames arrive cut. */
  | { readonly type: "answer"; readonly reply: Reply; readonly drip?: boolean }
  /** An error status with the provider's words. `retryAfter` in seconds. */
  | {
      readonly type: "refuse";
      readonly error: ErrorKind;
      readonly retryAfter?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Status 200 and part of an answer, then nothing (or only signs of life), an early end, a dropped socket, or an error. */
  | {
      readonly type: "stall";
      readonly after: Reply;
      /** Signs of life, the provider's own or these bytes. */
      readonly keepAlive?: boolean | string;
      /** The answer is complete, and only its connection stays open. */
      readonly finished?: boolean;
    }
  | { readonly type: "cut"; readonly after: Reply }
  | { readonly type: "drop"; readonly after: Reply }
  | { readonly type: "break"; readonly after: Reply; readonly error: ErrorKind }
  /** Takes the request and never answers; `headers`: answers with headers alone. */
  | { readonly type: "silence"; readonly headers?: boolean }
  /** These bytes with this status. */
  | {
      readonly type: "raw";
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    };

/** A model server on 127.0.0.1 that speaks all four formats and misbehaves as told. */
export interface ModelFaults {
  /** Without a path: `http://127.0.0.1:port`. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Scenes for the next requests, one each; a request without a scene gets status 418. */
  play(...scenes: readonly Scene[]): void;
  /** Decides on each request that has no scene. */
  serve(decide: (request: RecordedRequest) => Scene): void;
  /** Forgets requests, scenes and decisions, and cuts what is still open. */
  reset(): void;
  stop(): Promise<void>;
}

const STREAM_HEADERS = { "content-type": "text/event-stream; charset=utf-8" };

const send = (response: ServerResponse, bytes: string | Uint8Array): Promise<void> =>
  new Promise((resolve) => response.write(bytes, () => resolve()));

async function drip(response: ServerResponse, text: string): Promise<void> {
  for (const byte of Buffer.from(text)) {
    await send(response, Uint8Array.of(byte));
    await nextTick();
  }
}

function refuse(
  response: ServerResponse,
  request: RecordedRequest,
  scene: Scene & { type: "refuse" },
  wire: Wire,
) {
  const key = String(
    request.headers["authorization"] ??
      request.headers["x-api-key"] ??
      request.headers["x-goog-api-key"] ??
      "",
  ).replace("Bearer ", "");
  const { status, body } = wire.failure(scene.error, { key, retryAfter: scene.retryAfter });
  const retryAfter: Record<string, string> =
    scene.retryAfter === undefined || wire === geminiWire
      ? {}
      : { "retry-after": String(scene.retryAfter) };
  response.writeHead(status, {
    "content-type": "application/json",
    ...retryAfter,
    ...scene.headers,
  });
  response.end(JSON.stringify(body));
}

type Broken = Extract<Scene, { readonly after: Reply }>;

async function breakOff(response: ServerResponse, scene: Broken, wire: Wire): Promise<void> {
  response.writeHead(200, STREAM_HEADERS);
  response.flushHeaders();
  await send(response, wire.content(scene.after).join(""));
  if (scene.type === "stall" && scene.finished) {
    await send(response, wire.finish(scene.after).join(""));
  }
  if (scene.type === "cut") response.end();
  if (scene.type === "drop") {
    // The socket must not be reset before the client has read what came first.
    await nextTick();
    response.destroy();
  }
  if (scene.type === "break") response.end(wire.errorFrame(scene.error));
  if (scene.type === "stall" && scene.keepAlive) {
    await keepAlive(response, scene.keepAlive === true ? wire.keepAlive : scene.keepAlive);
  }
}

async function keepAlive(response: ServerResponse, sign = ""): Promise<void> {
  while (!response.closed) {
    await send(response, sign);
    await sleep(1);
  }
}

async function answerWhole(
  response: ServerResponse,
  { reply, drip: slowly }: Scene & { readonly type: "answer" },
  wire: Wire,
): Promise<void> {
  const text = [...wire.content(reply), ...wire.finish(reply)].join("");
  response.writeHead(200, STREAM_HEADERS);
  await (slowly ? drip(response, text) : send(response, text));
  response.end();
}

async function perform(
  response: ServerResponse,
  request: RecordedRequest,
  scene: Scene,
  wire: Wire,
): Promise<void> {
  if (scene.type === "answer") return answerWhole(response, scene, wire);
  if (scene.type === "refuse") return refuse(response, request, scene, wire);
  if (scene.type === "raw") {
    response.writeHead(scene.status ?? 200, { ...STREAM_HEADERS, ...scene.headers });
    response.end(scene.body);
    return;
  }
  if (scene.type === "silence") {
    if (scene.headers) response.writeHead(200, STREAM_HEADERS).flushHeaders();
    return;
  }
  return breakOff(response, scene, wire);
}

async function record(request: IncomingMessage): Promise<RecordedRequest> {
  const chunks = await Array.fromAsync<Buffer>(request);
  const raw = Buffer.concat(chunks).toString();
  const body = z.record(z.string(), z.unknown()).parse(JSON.parse(raw));
  return { path: request.url ?? "", headers: request.headers, raw, body, hungUp: false };
}

/** Starts the server on a free port. */
export async function createModelFaults(): Promise<ModelFaults> {
  const requests: RecordedRequest[] = [];
  const scenes: Scene[] = [];
  const rule: { decide?: (request: RecordedRequest) => Scene } = {};
  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await record(incoming);
    requests.push(request);
    response.on("close", () => (request.hungUp = !response.writableFinished));
    const path = request.path.replace(/\?.*$/, "");
    const wire = Object.values(wires).find((candidate) => candidate.path.test(path));
    const scene = scenes.shift() ?? rule.decide?.(request);
    if (wire && scene) return perform(response, request, scene, wire);
    response.writeHead(418).end(wire ? "no scene is left" : `no wire speaks ${path}`);
  };
  const server = createServer((incoming, response) => {
    // A pooled connection that `reset` closes would fail the next test's request.
    response.shouldKeepAlive = false;
    // A pooled connection that a reset cuts would fail the next test.
    response.shouldKeepAlive = false;
    answer(incoming, response).catch((error: unknown) => response.destroy(asError(error)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    play: (...next) => void scenes.push(...next),
    serve: (decide) => void (rule.decide = decide),
    reset() {
      delete rule.decide;
      requests.length = 0;
      scenes.length = 0;
      server.closeAllConnections();
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));
