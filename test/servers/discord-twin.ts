import { Server } from "node:http";
import { Server as TcpServer } from "node:net";
import { join } from "node:path";
import { DigitalDiscord } from "discord-digital-twin";
import { onTestFinished, vi } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Somebody else's Discord in miniature, on this machine alone; for what it does like the real one. */
export async function useTwin(): Promise<DigitalDiscord> {
  const twin = new DigitalDiscord({
    guild: { name: "Acme" },
    channels: [{ name: "general", type: 0 }],
    users: [{ username: "ada" }],
    botUser: { username: "Parley" },
    // Its default is one database for the whole process.
    dbUrl: `file:${join(await temporaryFolder(), "twin.db")}`,
  });
  await onLoopback(() => twin.start());
  onTestFinished(() => twin.stop());
  return twin;
}

/** It asks for all interfaces. */
async function onLoopback(start: () => Promise<void>): Promise<void> {
  const spy = vi.spyOn(Server.prototype, "listen").mockImplementation(function (
    this: Server,
    ...given: readonly unknown[]
  ) {
    const ready = given.find((one): one is () => void => typeof one === "function");
    TcpServer.prototype.listen.call(this, { host: "127.0.0.1", port: 0 }, ready);
    return this;
  });
  try {
    await start();
  } finally {
    spy.mockRestore();
  }
}
