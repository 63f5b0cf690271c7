import { writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Loaded ahead of Parley: writes how long its event loop was held up, when it leaves; and at SIGUSR2 what memory is in use once all that
 * can be dropped is.
 */
const delays = monitorEventLoopDelay({ resolution: 5 });
delays.enable();
setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

const ms = (nanoseconds: number): number => nanoseconds / 1e6;
const write = (name: string, figures: object): void => {
  const folder = process.env["BENCH_FOLDER"];
  if (folder !== undefined) writeFileSync(`${folder}/${name}.json`, JSON.stringify(figures));
};

process.on("SIGUSR2", () => {
  if (typeof collect === "function") collect();
  const { heapUsed, rss } = process.memoryUsage();
  write("memory", { heap: heapUsed / 2 ** 20, resident: rss / 2 ** 20 });
});

process.on("exit", () =>
  write("loop", {
    loop_p50_ms: ms(delays.percentile(50)),
    loop_p99_ms: ms(delays.percentile(99)),
    loop_max_ms: ms(delays.max),
  }),
);
