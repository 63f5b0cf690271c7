import type { IncomingMessage } from "node:http";
import { isFields, type Fields } from "../state/fields.ts";

/** Throws when the body is larger than any app sends. */
export async function readBytes(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The arguments of a call, wherever they stand: in a form, in JSON, in the URL. */
export async function readFields(request: IncomingMessage): Promise<Fields> {
  const bytes = await readBytes(request);
  const query = new URL(request.url ?? "", "http://localhost").searchParams;
  const type = request.headers["content-type"] ?? "";
  return { ...Object.fromEntries(query), ...(await fieldsIn(bytes, type)) };
}

async function fieldsIn(bytes: Buffer<ArrayBuffer>, type: string): Promise<Fields> {
  if (type.startsWith("application/json")) {
    const value: unknown = JSON.parse(bytes.toString() || "{}");
    return isFields(value) ? value : {};
  }
  if (type.startsWith("multipart/form-data")) {
    return Object.fromEntries(await formIn(bytes, type));
  }
  return Object.fromEntries(new URLSearchParams(bytes.toString()));
}

/** The parts of an uploaded form. */
export const formIn = (bytes: Buffer<ArrayBuffer>, type: string): Promise<FormData> =>
  new Response(bytes, { headers: { "content-type": type } }).formData();
