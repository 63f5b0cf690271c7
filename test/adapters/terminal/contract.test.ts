import { vi } from "vitest";
import { createTerminal } from "../../../adapters/terminal/index.ts";
import { createThreadFiles } from "../../../src/adapter-kit/own-threads/thread-files.ts";
import { createThreads } from "../../../src/adapter-kit/own-threads/threads.ts";
import { parseConversationId } from "../../../src/ids.ts";
import type { PostedMessage } from "../../../src/platform.ts";
import { describePlatformContract } from "../../contracts/platform.ts";
import type { PlatformRig } from "../../contracts/platform-rig.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { createVirtualTerminal } from "../../support/virtual-terminal.ts";
import { ADA } from "./rig.ts";
import { PATIENCE } from "../../support/patience.ts";

const terminalOn = (dir: string, virtual = createVirtualTerminal()) =>
  createTerminal({
    input: virtual.input,
    output: virtual.output,
    error: virtual.output,
    dir,
    once: false,
    json: false,
    thread: "thread-1",
    colour: true,
    version: "1.2.3",
    completions: () => Promise.resolve([]),
    describe: () => Promise.resolve(""),
    exit: () => undefined,
    clock: createFakeClock(),
    person: ADA,
  });

async function setup(): Promise<PlatformRig> {
  const dir = await temporaryFolder();
  const virtual = createVirtualTerminal();
  const platform = terminalOn(dir, virtual);
  const { conversationOf } = createThreads({
    lines: createThreadFiles(dir),
    platform: "terminal",
    channel: "local",
    wallTime: Date.now,
  });
  let threads = 0;
  let open = "thread-1";
  /** Types a command in the thread of a message. */
  const types =
    (command: string) =>
    async ({ conversation }: PostedMessage) => {
      const { thread } = parseConversationId(conversation);
      if (thread !== open) throw new Error(`${thread} is not the open thread.`);
      virtual.type(`/${command}\r`);
    };
  return {
    platform,
    conversation: () => Promise.resolve(conversationOf(`thread-${++threads}`)),
    async write(conversation, text) {
      const { thread } = parseConversationId(conversation);
      virtual.type(`${thread === open ? "" : `/new ${thread}\r`}${text}\r`);
      open = thread;
      await vi.waitFor(async () => {
        const { messages } = await platform.history(conversation, new AbortController().signal);
        if (messages.at(-1)?.text !== text) throw new Error(`"${text}" is not there yet.`);
      }, PATIENCE);
    },
    actions: {
      stop: types("stop"),
      retry: types("retry"),
      async why(final) {
        await types("why")(final);
        return virtual.shows("A hash index is fastest.");
      },
      prefer: (status, answer) => types(`prefer ${answer}`)(status),
      steer: types("steer"),
      restart: types("restart"),
    },
    restart: () => Promise.resolve(terminalOn(dir)),
    close: () => Promise.resolve(),
  };
}

describePlatformContract("The terminal", setup);
