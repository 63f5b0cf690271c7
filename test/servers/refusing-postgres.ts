import { createServer } from "node:net";
import { onTestFinished } from "vitest";

/** A message of PostgreSQL's protocol: its letter, its length, its fields. */
function message(letter: string, body: string): Buffer {
  const bytes = Buffer.from(body, "utf8");
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
}

/** A server that refuses every connection in PostgreSQL's way, with an SQLSTATE. Resolves to its port. */
export async function startRefusingPostgres(code: string, text: string): Promise<number> {
  const refusal = message("E", `SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(refusal));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
