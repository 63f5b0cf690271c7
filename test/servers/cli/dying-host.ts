import { fileURLToPath } from "node:url";
import { startJsonProcess } from "../../../src/backends/cli/json-process.ts";
import { systemClock } from "../../../src/clock.ts";

// Starts a stubborn CLI as Parley does, and lives until it is killed.
const [, , file = ""] = process.argv;
startJsonProcess(
  {
    file: process.execPath,
    args: [fileURLToPath(new URL("stubborn.ts", import.meta.url)), file],
    env: {},
    cwd: "/",
  },
  { clock: systemClock, redact: (text) => text, onValue: () => {}, onFlood: () => {} },
);
