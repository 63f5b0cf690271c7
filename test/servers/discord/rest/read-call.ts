import type { IncomingMessage } from "node:http";
import { refusal } from "../world/refusal.ts";
import type { UploadedFile } from "./call.ts";

/** Largest request, bytes. */
const LARGEST = 25 * 1024 * 1024;

export interface ReadBody {
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.byteLength;
    if (length <= LARGEST) chunks.push(bytes);
  }
  if (length > LARGEST) throw refusal("tooLarge");
  return Buffer.concat(chunks);
}

/** JSON, or a multipart form with `payload_json` and files. Throws 413, and a SyntaxError for broken JSON. */
export async function readBody(request: IncomingMessage): Promise<ReadBody> {
  const bytes = await readBytes(request);
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) return readForm(bytes, type);
  return { body: bytes.byteLength > 0 ? JSON.parse(bytes.toString()) : undefined, files: [] };
}

async function readForm(bytes: Buffer, type: string): Promise<ReadBody> {
  const headers = { "content-type": type };
  const form = await new Response(new Uint8Array(bytes), { headers }).formData();
  const files: UploadedFile[] = [];
  let body: unknown = {};
  for (const [field, value] of form) {
    if (typeof value === "string") {
      if (field === "payload_json") body = JSON.parse(value);
      continue;
    }
    files.push({
      field,
      name: value.name,
      mediaType: value.type || "application/octet-stream",
      bytes: new Uint8Array(await value.arrayBuffer()),
    });
  }
  return { body, files };
}
