import { arch, cpus, platform, totalmem } from "node:os";
import { runContextBench } from "./context/index.ts";
import { runCoordinationBench } from "./coordination/index.ts";

const BENCHES: Readonly<Record<string, () => Promise<Readonly<Record<string, unknown>>>>> = {
  coordination: runCoordinationBench,
  context: runContextBench,
};

/** Figures mean nothing without the machine they were measured on. */
function describeMachine(): string {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${cpus().length} × ${cpu?.model.trim() ?? "unknown CPU"}, ${memory}, ${platform()} ${arch()}, Node ${process.versions.node}`;
}

/** `npm run bench -- NAME [--json]`: tables for people; with `--json` one object on the last line. */
async function main(args: readonly string[]): Promise<void> {
  const [name = ""] = args.filter((arg) => !arg.startsWith("--"));
  const run = BENCHES[name];
  if (!run) {
    throw new Error(
      `There is no bench "${name}". Name one of: ${Object.keys(BENCHES).join(", ")}.`,
    );
  }
  console.log(`${describeMachine()}\n`);
  const figures = await run();
  if (args.includes("--json")) console.log(JSON.stringify(figures));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
