import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { type HttpLimits, openHttpServer } from "../../src/http/http-server.ts";

async function rig(limits: Partial<HttpLimits> = {}) {
  const unanswered: string[] = [];
  const server = await openHttpServer({
    host: "127.0.0.1",
    port: 0,
    routes: [
      (request, response) => {
        if (request.url === "/read") {
          text(request).then(
            (body) => response.end(`read ${body.length}`),
            () => response.destroy(),
          );
          return true;
        }
        if (request.url === "/never") return (unanswered.push(request.url), true);
        if (request.url === "/ok") response.end("ok");
        return request.url === "/ok";
      },
    ],
    onProblem: () => {},
    limits: { checkMs: 20, ...limits },
  });
  onTestFinished(() => server.close());
  const open = async (): Promise<Socket> => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    return socket;
  };
  const send = async (words: string): Promise<Socket> => {
    const socket = await open();
    socket.write(words);
    return socket;
  };
  return { url: server.url, open, send, unanswered };
}

/** All that comes until the connection is closed. */
const received = (socket: Socket): Promise<string> => text(socket).catch(() => "");

const POST = "POST /read HTTP/1.1\r\nhost: a\r\n";

test("a header that drips does not keep its connection", async () => {
  const { open } = await rig({ headersMs: 200, requestMs: 60_000 });
  const socket = await open();
  socket.write("GET /ok HTTP/1.1\r\nx: ");
  const drip = setInterval(() => socket.write("a"), 10);
  onTestFinished(() => clearInterval(drip));
  expect(await received(socket)).toMatch(/^HTTP\/1.1 408 /);
});

test("a connection that never says anything is closed, and so is one that says nothing more", async () => {
  const { open, send } = await rig({ headersMs: 200, silentMs: 100 });
  expect(await received(await open())).toMatch(/^(?:HTTP\/1.1 408 |$)/);
  expect(await received(await send("GET /never HTTP/1.1\r\nhost: a\r\n\r\n"))).toBe("");
});

test.each(["content-length: 1000", "transfer-encoding: chunked"])(
  "a body that drips does not keep its connection: %s",
  async (length) => {
    const { send } = await rig({ headersMs: 200, requestMs: 300 });
    const socket = await send(`${POST}${length}\r\n\r\n`);
    const drip = setInterval(
      () => socket.write(length.includes("chunked") ? "1\r\na\r\n" : "a"),
      10,
    );
    onTestFinished(() => clearInterval(drip));
    expect(await received(socket)).toMatch(/^(?:HTTP\/1.1 408 |$)/);
  },
);

test("a second request on a connection has the same deadlines", async () => {
  const { send } = await rig({ headersMs: 200 });
  const socket = await send("GET /ok HTTP/1.1\r\nhost: a\r\n\r\n");
  await once(socket, "readable");
  socket.write("GET /ok HTTP/1.1\r\nx: ");
  expect(await received(socket)).toMatch(/ok[^]*HTTP\/1.1 408 /);
});

test("a body that says it is too large is refused before it comes", async () => {
  const { send } = await rig({ bodyBytes: 100 });
  const refused = await received(await send(`${POST}content-length: 101\r\n\r\n`));
  expect(refused).toMatch(/^HTTP\/1.1 413 /);
  expect(refused).toContain("The request is too large.");
  const taken = await send(
    `${POST}content-length: 100\r\nconnection: close\r\n\r\n${"a".repeat(100)}`,
  );
  expect(await received(taken)).toContain("read 100");
});

test("a body that nobody reads is not received to its end", async () => {
  const { send } = await rig();
  const socket = await send(
    "POST /nowhere HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n",
  );
  expect(await received(socket)).toMatch(/^HTTP\/1.1 404 /);
});

test("two hundred half-open bodies keep nobody out: the oldest give way", async () => {
  const { url, send } = await rig({ connections: 10 });
  const held: Socket[] = [];
  for (let i = 0; i < 200; i++) held.push(await send(`${POST}content-length: 1000\r\n\r\na`));
  expect(await (await fetch(`${url}/ok`)).text()).toBe("ok");
  await expect.poll(() => held.filter(({ destroyed }) => !destroyed).length).toBeLessThan(10);
});

test("a request that is being answered does not give way", async () => {
  const { url, send, unanswered } = await rig({ connections: 2 });
  const answering = await send("GET /never HTTP/1.1\r\nhost: a\r\n\r\n");
  await expect.poll(() => unanswered).toHaveLength(1);
  for (let i = 0; i < 20; i++) await send("GET /ok HTTP/1.1\r\nx: ");
  expect(await (await fetch(`${url}/ok`)).text()).toBe("ok");
  const second = await send("GET /never HTTP/1.1\r\nhost: a\r\n\r\n");
  await expect.poll(() => unanswered).toHaveLength(2);
  expect(await received(await send("GET /ok HTTP/1.1\r\nhost: a\r\n\r\n"))).toBe("");
  expect([answering.destroyed, second.destroyed]).toEqual([false, false]);
});
