import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { endWithUs } from "../ending.ts";

/** How long a turn stands still after kill -9, ms. */
export interface Resumed {
  /** From the moment the next process opens the store. */
  readonly fromOpening: number;
  /** From the death of the one before. */
  readonly fromDeath: number;
}

const Line = z.object({
  said: z.enum(["move", "serving", "problem"]),
  at: z.number(),
  /** Of a move: what was asked. */
  of: z.string().optional(),
  opening: z.number().optional(),
  problem: z.string().optional(),
});
type Line = z.infer<typeof Line>;

/** A process that runs turns, and when it last said what. */
interface Worker {
  ask(text: string): void;
  /** Resolves when it serves, at once if it does already. */
  serves(): Promise<Line>;
  /** Resolves with the first move for a question. */
  moves(question: string): Promise<Line>;
  signal(name: NodeJS.Signals): void;
  end(): Promise<void>;
}

const PATIENCE_MS = 60_000;
const WORKER = fileURLToPath(import.meta.resolve("./worker.ts"));

function startWorker(where: string, folder: string): Worker {
  const child = spawn(process.execPath, [WORKER, where, folder], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  child.stdin.on("error", () => {});
  const forget = endWithUs(() => child.kill("SIGKILL"));
  const exited = new Promise<void>((resolve) => child.on("close", () => resolve()));
  void exited.then(forget);
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (text) => {
    lines.push(Line.parse(JSON.parse(text)));
    for (const look of waiting) look();
  });
  const first = (said: Line["said"], of?: string): Promise<Line> => {
    const { promise, resolve, reject } = Promise.withResolvers<Line>();
    const timer = setTimeout(() => reject(new Error(`No ${said} in time.`)), PATIENCE_MS);
    const look = () => {
      const found = lines.find((line) => line.said === said && line.of === of);
      if (found) resolve(found);
    };
    waiting.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      waiting.delete(look);
    });
  };
  return {
    ask: (text) => void child.stdin.write(`${text}\n`),
    serves: () => first("serving"),
    moves: (question) => first("move", question),
    signal: (name) => void child.kill(name),
    async end() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Embedded: a turn is killed in the middle of a move, and the next process on the same folder takes it up. */
export async function measureResume(): Promise<Resumed> {
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const first = startWorker(folder, folder);
  try {
    await first.serves();
    first.ask("resume");
    await first.moves("resume");
    const died = performance.timeOrigin + performance.now();
    await first.end();
    const second = startWorker(folder, folder);
    try {
      const { at, opening = NaN } = await second.moves("resume");
      return { fromOpening: at - opening, fromDeath: at - died };
    } finally {
      await second.end();
    }
  } finally {
    await first.end();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Scaled: of two processes the one that runs a turn is killed, or frozen, and the other takes it over, ms. */
export async function measureTakeover(url: string, blow: "SIGKILL" | "SIGSTOP"): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const workers = [startWorker(url, folder), startWorker(url, folder)];
  try {
    await Promise.all(workers.map((worker) => worker.serves()));
    // Turns of those that died before it are taken over too.
    const question = `takeover-${crypto.randomUUID()}`;
    workers[0]?.ask(question);
    const owner = await Promise.any(
      workers.map(async (worker) => {
        await worker.moves(question);
        return worker;
      }),
    );
    const died = performance.timeOrigin + performance.now();
    owner.signal(blow);
    const other = workers.find((worker) => worker !== owner);
    const taken = await other?.moves(question);
    return (taken?.at ?? NaN) - died;
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
    await rm(folder, { recursive: true, force: true });
  }
}
