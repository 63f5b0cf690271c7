import { PostgresMissingError } from "../../test/support/start-postgres.ts";
import { describeMachine } from "../describe-machine.ts";
import { readChaosOptions } from "./options.ts";
import { brokenLaws, figuresOf, formatReport } from "./report.ts";
import { forgetRun, runChaos } from "./run-chaos.ts";

/**
 * `npm run chaos [-- --turns N] [--seed N] [--faults PERCENT] [--sqlite] [--json]`: bots that are killed and frozen while their platforms
 * fail. Exit code 1: a law was broken; 2: it could not be run.
 */
async function main(args: readonly string[]): Promise<number> {
  const options = readChaosOptions(args);
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => interrupted.abort(new Error(`Ended by ${name}.`)));
  }
  console.log(`${describeMachine()}\n`);
  const result = await runChaos(options, interrupted.signal);
  console.log(formatReport(options, result));
  const laws = brokenLaws(options, result);
  if (laws.length > 0) {
    console.log(`\nBroken (the bots' logs are in ${result.folder}):\n${laws.join("\n")}`);
  } else {
    await forgetRun(result);
    console.log("\nAll laws kept.");
  }
  if (options.isJson) console.log(JSON.stringify(figuresOf(options, result)));
  return laws.length > 0 ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const known = error instanceof PostgresMissingError;
    console.error(error instanceof Error && known ? error.message : error);
    process.exitCode = 2;
  },
);
