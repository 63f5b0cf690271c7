import { chmod, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { PassThrough, Writable } from "node:stream";
import type { FrontRequest } from "../open-front.ts";
import { type Hello, readFrames, sendFrame, ToHost } from "./frames.ts";

/** Lets other terminals of this user join this process. */
export interface Host {
  /** Answers those that wait, and all that come. */
  open(join: Join): void;
  /** Accepts nobody any more. */
  close(): Promise<void>;
  /** Ends all connections: the others take over. */
  leave(): void;
}

/** Opens a front for a terminal that joins; the result closes it. Rejects with what is wrong. */
export type Join = (request: FrontRequest) => Promise<() => Promise<void>>;

/** A terminal that does not read for so long is given up, bytes. */
const MOST_UNREAD = 64 * 1024 * 1024;

/** Listens at once. Only the owner of the folder's lock may call this, since it removes the socket of a dead process. */
export async function listenForGuests(path: string, version: string): Promise<Host> {
  const opened = Promise.withResolvers<Join>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    welcome(socket, version, opened.promise);
  });
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  // It must not keep a process alive that has nothing else to do.
  server.unref();
  return {
    open: (join) => opened.resolve(join),
    async close() {
      server.close();
      await rm(path, { force: true });
    },
    leave() {
      for (const socket of sockets) socket.end();
    },
  };
}

const WELCOME =
  "Parley runs in another terminal here already. This one shares it, with its teams, keys and settings.";

function welcome(socket: Socket, version: string, opened: Promise<Join>): void {
  let guest: ReturnType<typeof createGuest> | undefined;
  readFrames(socket, ToHost, (frame) => {
    if (frame.type === "hello") {
      if (guest) return void socket.destroy();
      if (frame.version !== version) return refuse(socket, otherVersion(frame.version, version));
      guest = createGuest(socket, frame);
      return void admit(socket, guest, opened);
    }
    if (frame.type === "input") guest?.input.write(frame.text);
    else if (frame.type === "input_end") guest?.input.end();
    else guest?.resize(frame.size);
  });
}

function refuse(socket: Socket, why: string): void {
  sendFrame(socket, { type: "refused", why });
  socket.end();
}

const otherVersion = (theirs: string, ours: string): string =>
  `Parley ${ours} runs in another terminal here, and this is Parley ${theirs}. Close the other one, or give this one its own folder with PARLEY_DATA.`;

async function admit(
  socket: Socket,
  guest: ReturnType<typeof createGuest>,
  opened: Promise<Join>,
): Promise<void> {
  const gone = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  try {
    const join = await opened;
    if (socket.destroyed) return;
    const leave = await join(guest.request);
    await gone;
    await leave();
  } catch (error) {
    refuse(socket, error instanceof Error ? error.message : String(error));
  }
}

/** The streams of a terminal that joins. */
function createGuest(socket: Socket, hello: Hello) {
  const setRawMode = (on: boolean) => sendFrame(socket, { type: "raw", on });
  const input = Object.assign(new PassThrough(), { isTTY: hello.isInputTerminal, setRawMode });
  const size = hello.size ?? {};
  const output = Object.assign(createOutput(socket, "output"), {
    isTTY: hello.size !== undefined,
    ...size,
  });
  const { title, bell, type: _, size: __, isInputTerminal: ___, version: ____, ...asked } = hello;
  const request: FrontRequest = {
    ...asked,
    input,
    output,
    error: createOutput(socket, "error"),
    attention: { title, bell },
    welcome: WELCOME,
    onThread: (name) => sendFrame(socket, { type: "thread", name }),
    exit(code) {
      sendFrame(socket, { type: "exit", code });
      socket.end();
    },
  };
  return {
    input,
    request,
    resize(to: { readonly columns: number; readonly rows: number }) {
      Object.assign(output, to);
      output.emit("resize");
    },
  };
}

const createOutput = (socket: Socket, type: "output" | "error"): Writable =>
  new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      const text = String(chunk);
      if (socket.destroyed || text === "") return done();
      if (socket.writableLength > MOST_UNREAD) socket.destroy();
      else sendFrame(socket, { type, text }, () => done());
    },
  });
