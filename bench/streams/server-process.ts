import { fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { type Pace, ServerStats } from "./pace.ts";

/** The model server in a process of its own, so that its work does not count as Parley's. */
export interface ServerProcess {
  /** "http://127.0.0.1:PORT" */
  readonly url: string;
  stop(): void;
}

export async function startModelServer(): Promise<ServerProcess> {
  const child = fork(new URL("model-server.ts", import.meta.url), { stdio: "inherit" });
  const [message]: unknown[] = await once(child, "message");
  const { url } = z.object({ url: z.string() }).parse(message);
  return { url, stop: () => void child.kill() };
}

/** Sets the pace, and the counters to zero. */
export async function setPace(url: string, pace: Pace): Promise<void> {
  await fetch(`${url}/pace`, { method: "POST", body: JSON.stringify(pace) });
}

export async function readStats(url: string): Promise<ServerStats> {
  return ServerStats.parse(await (await fetch(`${url}/stats`)).json());
}
