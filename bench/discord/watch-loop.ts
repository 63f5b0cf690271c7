import { writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** Loaded ahead of Parley: writes how long its event loop was held up, when it leaves. */
const delays = monitorEventLoopDelay({ resolution: 5 });
delays.enable();

const ms = (nanoseconds: number): number => nanoseconds / 1e6;

process.on("exit", () => {
  const file = process.env["BENCH_LOOP_FILE"];
  if (file === undefined) return;
  const figures = {
    loop_p50_ms: ms(delays.percentile(50)),
    loop_p99_ms: ms(delays.percentile(99)),
    loop_max_ms: ms(delays.max),
    heap_mb: process.memoryUsage().heapUsed / 1e6,
  };
  writeFileSync(file, JSON.stringify(figures));
});
