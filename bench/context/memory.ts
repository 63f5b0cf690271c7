import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { z } from "zod";

/** Megabytes of heap and buffers that what `make` returns keeps alive. */
export function retainedMb(make: () => unknown): number {
  setFlagsFromString("--expose-gc");
  const collect = z.function({ input: [], output: z.unknown() }).parse(runInNewContext("gc"));
  const used = () => {
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  const made = make();
  const after = used();
  // Alive until here.
  if (made === undefined) throw new Error("nothing was made");
  return Math.max(0, after - before) / 1e6;
}
