import { describeMachine } from "./describe-machine.ts";

type Figures = Readonly<Record<string, unknown>>;

/** Only the one that runs is loaded: what the others import would count in its memory. */
const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<Figures>>> = {
  cache: async () => (await import("./cache/index.ts")).runCacheBench(),
  cli: async () => (await import("./cli/index.ts")).runCliBench(),
  coordination: async () => (await import("./coordination/index.ts")).runCoordinationBench(),
  context: async () => (await import("./context/index.ts")).runContextBench(),
  load: async () => (await import("./load/index.ts")).runLoadBench(),
  hostile: async () => (await import("./hostile/index.ts")).runHostileBench(),
  slack: async () => (await import("./slack/index.ts")).runSlackBench(),
  status: async () => (await import("./status/index.ts")).runStatusBench(),
  quality: async (args) => (await import("./quality/index.ts")).runQualityBench(args),
  store: async () => (await import("./store/index.ts")).runStoreBench(),
  streams: async () => (await import("./streams/index.ts")).runStreamsBench(),
  discord: async () => (await import("./discord/index.ts")).runDiscordBench(),
};

/** `npm run bench -- NAME [--json]`: tables for people; with `--json` one object on the last line. */
async function main(args: readonly string[]): Promise<void> {
  const [name = "", ...rest] = args;
  const run = BENCHES[name];
  if (!run) {
    const known = Object.keys(BENCHES).join(", ");
    throw new Error(
      name === ""
        ? `Which bench? Write: npm run bench -- NAME [--json], with one of ${known}.`
        : `There is no bench "${name}". Name one of: ${known}.`,
    );
  }
  console.log(`${describeMachine()}\n`);
  const figures = await run(rest);
  if (args.includes("--json")) console.log(JSON.stringify(figures));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
