import { EventEmitter } from "node:events";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { joinHost, type GuestContext } from "../../../adapters/terminal/attach/guest.ts";
import { listenForGuests } from "../../../adapters/terminal/attach/host.ts";
import { socketPath } from "../../../adapters/terminal/attach/socket-path.ts";
import type { FrontRequest } from "../../../adapters/terminal/open-front.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const SETTINGS = { TERMINAL_TITLE: "on", TERMINAL_BELL: "off" } as const;

/** A terminal that would join, and what it shows. */
function guest(version = "1.2.3") {
  const streams = { input: new PassThrough(), output: new PassThrough(), error: new PassThrough() };
  const signals = new EventEmitter();
  const flags = {
    platforms: ["terminal"],
    team: "council",
    question: "Which index?",
    once: true,
    json: false,
    thread: "plans",
    continueLatest: false,
  };
  const context: GuestContext = { ...streams, signals, flags, version, env: { NO_COLOR: "1" } };
  return { context, ...streams, signals };
}

async function host(join: (request: FrontRequest) => Promise<() => Promise<void>>) {
  const path = (await socketPath(await temporaryFolder(), "linux")) ?? "";
  const listening = await listenForGuests(path, "1.2.3");
  listening.open(join);
  onTestFinished(async () => {
    await listening.close();
    listening.leave();
  });
  return path;
}

test("what the guest asks for reaches the host, and what the host writes the guest", async () => {
  const requests: FrontRequest[] = [];
  const path = await host(async (request) => {
    requests.push(request);
    request.output.write("漢字 and an answer\n");
    request.error.write("a problem\n");
    let typed = "";
    for await (const piece of request.input) typed += String(piece);
    request.output.write(`typed: ${typed}`, () => request.exit(7));
    return () => Promise.resolve();
  });
  const it = guest();
  it.input.end("é\n");
  expect(await joinHost(path, it.context, SETTINGS)).toEqual({ kind: "left", code: 7 });
  expect(String(it.output.read())).toBe("漢字 and an answer\ntyped: é\n");
  expect(String(it.error.read())).toBe("a problem\n");
  expect(requests).toMatchObject([
    {
      question: "Which index?",
      once: true,
      team: "council",
      thread: "plans",
      colour: false,
      attention: { title: true, bell: false },
    },
  ]);
});

test("a host that ends leaves the guest with the thread that was open", async () => {
  const path = (await socketPath(await temporaryFolder(), "linux")) ?? "";
  const listening = await listenForGuests(path, "1.2.3");
  listening.open((request) => {
    request.onThread?.("elsewhere");
    listening.leave();
    return Promise.resolve(() => Promise.resolve());
  });
  const joined = await joinHost(path, guest().context, SETTINGS);
  await listening.close();
  expect(joined).toEqual({ kind: "lost", thread: "elsewhere" });
});

test("a signal ends the guest alone", async () => {
  const left = Promise.withResolvers<void>();
  const it = guest();
  const path = await host(() => {
    it.signals.emit("SIGTERM");
    return Promise.resolve(() => Promise.resolve(left.resolve()));
  });
  expect(await joinHost(path, it.context, SETTINGS)).toEqual({ kind: "left", code: 130 });
  await left.promise;
});

test("a front that cannot open says why", async () => {
  const path = await host(() => Promise.reject(new Error("There is no team council.")));
  await expect(joinHost(path, guest().context, SETTINGS)).rejects.toThrow(
    "There is no team council.",
  );
});

test("another version is refused, with what to do", async () => {
  const path = await host(() => Promise.resolve(() => Promise.resolve()));
  await expect(joinHost(path, guest("9.9.9").context, SETTINGS)).rejects.toThrow(
    "Parley 1.2.3 runs in another terminal here, and this is Parley 9.9.9.",
  );
});

test.each(["no JSON", '{"type":"hello"}', '{"type":"run","what":"rm"}', "[]", "\x00\xff"])(
  "a line that is no frame ends the connection, and nobody else's: %j",
  async (line) => {
    const path = await host(async (request) => {
      request.exit(0);
      return () => Promise.resolve();
    });
    const stranger = connect(path);
    const closed = new Promise((resolve) => stranger.on("close", resolve));
    stranger.on("error", () => undefined);
    stranger.write(`${line}\n`);
    await closed;
    expect(await joinHost(path, guest().context, SETTINGS)).toEqual({ kind: "left", code: 0 });
  },
);

test("where nobody listens, there is nothing to join", async () => {
  const folder = await temporaryFolder();
  expect(await joinHost(join(folder, "socket"), guest().context, SETTINGS)).toEqual({
    kind: "absent",
  });
  // What a killed process leaves behind does not answer.
  await writeFile(join(folder, "socket"), "");
  expect(await joinHost(join(folder, "socket"), guest().context, SETTINGS)).toEqual({
    kind: "absent",
  });
});

test("the socket is in a folder that only its user can enter, also when its path would be too long", async () => {
  const folder = await temporaryFolder();
  expect(await socketPath(join(folder, "t"), "linux")).toBe(join(folder, "t", "socket"));
  const deep = join(folder, "x".repeat(90), "y".repeat(90));
  const elsewhere = (await socketPath(deep, "linux")) ?? "";
  expect(elsewhere.length).toBeLessThan(100);
  expect(await socketPath(deep, "linux")).toBe(elsewhere);
  await mkdir(join(folder, "open"));
  await chmod(join(folder, "open"), 0o755);
  expect(await socketPath(join(folder, "open"), "linux")).toBeUndefined();
  expect(await socketPath(folder, "win32")).toBeUndefined();
});
