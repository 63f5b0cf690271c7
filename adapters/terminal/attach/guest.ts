import { connect, type Socket } from "node:net";
import { resolve } from "node:path";
import type { JoinContext, Joined } from "../../../src/adapter-kit/adapter.ts";
import { SettingsError } from "../../../src/settings.ts";
import type { TerminalEnv } from "../env.ts";
import type { KeyInput } from "../input/keys.ts";
import { isPipeOrFile } from "../pipe/read-question.ts";
import { type Hello, readFrames, sendFrame, ToGuest } from "./frames.ts";

interface Outlet extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** What joining needs of the process and its command line. */
export interface GuestContext extends Pick<JoinContext, "flags" | "env" | "version" | "signals"> {
  readonly input: KeyInput;
  readonly output: Outlet;
  readonly error: NodeJS.WritableStream;
}

/** Joins the process that listens on the socket, if one does. Rejects with a `SettingsError` when that one refuses. */
export async function joinHost(
  path: string,
  context: GuestContext,
  settings: TerminalEnv,
): Promise<Joined> {
  const socket = await open(path);
  return socket ? beGuest(socket, context, settings) : { kind: "absent" };
}

const open = (path: string): Promise<Socket | undefined> =>
  new Promise((found) => {
    const socket = connect(path);
    socket.once("connect", () => found(socket));
    // Nobody listens, or the socket is of a process that died.
    socket.once("error", () => found(undefined));
  });

const ESCAPE = "\u001B";
/** What a chat that was torn away leaves behind: hidden cursor, paste marks, rows below the input. */
const TIDY = `${ESCAPE}[?25h${ESCAPE}[?2004l${ESCAPE}[J\r\n`;

function beGuest(socket: Socket, context: GuestContext, settings: TerminalEnv): Promise<Joined> {
  const { input, output, error, flags, signals } = context;
  const { promise, resolve: end, reject } = Promise.withResolvers<Joined>();
  let thread = flags.thread;
  let isRaw = false;
  const setRaw = (on: boolean) => {
    if (input.isTTY) input.setRawMode?.(on);
    isRaw = on;
  };
  const forwarding = forward(socket, context);
  readFrames(socket, ToGuest, (frame) => {
    if (frame.type === "output") output.write(frame.text);
    else if (frame.type === "error") error.write(frame.text);
    else if (frame.type === "raw") setRaw(frame.on);
    else if (frame.type === "thread") thread = frame.name;
    else if (frame.type === "exit") end({ kind: "left", code: frame.code });
    else reject(new SettingsError(frame.why));
  });
  const interrupted = () => end({ kind: "left", code: 130 });
  for (const name of SIGNALS) signals.on(name, interrupted);
  socket.once("error", () => socket.destroy());
  socket.once("close", () => end({ kind: "lost", thread }));
  sendFrame(socket, helloOf(context, settings));
  return promise.finally(() => {
    for (const name of SIGNALS) signals.off(name, interrupted);
    forwarding.end();
    if (isRaw) {
      setRaw(false);
      output.write(TIDY);
    }
    socket.destroy();
  });
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

function forward(socket: Socket, { input, output, flags }: GuestContext) {
  // A question from the command line needs nothing of the keyboard.
  const isSilent = input.isTTY === true && flags.once && flags.question !== undefined;
  const onData = (chunk: Buffer | string) =>
    sendFrame(socket, { type: "input", text: String(chunk) });
  const onEnd = () => sendFrame(socket, { type: "input_end" });
  const onResize = () => {
    sendFrame(socket, { type: "size", size: sizeOf(output) });
  };
  if (!isSilent) {
    input.setEncoding("utf8");
    input.on("data", onData);
    input.once("end", onEnd);
  }
  output.on("resize", onResize);
  return {
    end() {
      input.off("data", onData);
      input.off("end", onEnd);
      output.off("resize", onResize);
      if (!isSilent) input.pause();
    },
  };
}

function helloOf(
  { input, output, flags, version, env }: GuestContext,
  { TERMINAL_TITLE, TERMINAL_BELL }: TerminalEnv,
): Hello {
  const { once, json, question, team, thread, continueLatest } = flags;
  return {
    type: "hello",
    version,
    folder: resolve("."),
    once,
    json,
    question,
    team,
    thread,
    continueLatest,
    colour: !env["NO_COLOR"],
    isDumb: env["TERM"] === "dumb",
    isTmux: Boolean(env["TMUX"]),
    title: TERMINAL_TITLE === "on",
    bell: TERMINAL_BELL === "on",
    isPiped: isPipeOrFile(input),
    isInputTerminal: input.isTTY === true,
    ...(output.isTTY === true && { size: sizeOf(output) }),
  };
}

const sizeOf = ({ columns = 80, rows = 24 }: Outlet) => ({ columns, rows });
