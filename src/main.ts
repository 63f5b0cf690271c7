#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import manifest from "#package" with { type: "json" };
import { CLI_HELP, CliError, type CliCommand, parseCli } from "./cli/parse-cli.ts";
import { asTyped, programName } from "./cli/program-name.ts";
import { cleanText } from "./text/clean-text.ts";

// Files may contain messages or keys, so only their owner may read them.
process.umask(0o077);
enableCompileCache();

const { stdin: input, stdout: output, stderr: error, env, pid } = process;
const { version } = manifest;
const program = programName(process.argv[1] ?? "");
const versionLine = `Parley ${version} (Node ${process.versions.node})`;

/** Resolves to the exit code. Loads the rest of Parley only for commands that need it. */
async function run(command: CliCommand): Promise<number> {
  if (command.name === "help" || command.name === "version") {
    output.write(command.name === "help" ? asTyped(CLI_HELP, program) : `${versionLine}\n`);
    return 0;
  }
  const { runCommand } = await import("./cli/run-command.ts");
  return runCommand(command, {
    input,
    output,
    error,
    env,
    pid,
    version,
    versionLine,
    program,
    signals: process,
  });
}

/** Flushes the output, then exits even if an SDK has open handles. */
function leave(code: number): void {
  output.write("", () => error.write("", () => process.exit(code)));
}

try {
  leave(await run(parseCli(process.argv.slice(2))));
} catch (problem) {
  if (!(problem instanceof CliError)) throw problem;
  const { createRedactor } = await import("./text/redact.ts");
  const { secretsIn } = await import("./settings.ts");
  const said = createRedactor(secretsIn(env))(asTyped(problem.message, program));
  error.write(`parley: ${cleanText(said)}\n`);
  leave(2);
}
