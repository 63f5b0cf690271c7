import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";

// A CLI that heeds neither the end of its stdin nor SIGTERM, with a child of its own that does not either. Writes both ids into the file.
const [, , file = "", role = "parent"] = process.argv;
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
setInterval(() => {}, 1000);
if (role === "parent") {
  const child = spawn(process.execPath, [import.meta.filename, file, "child"], {
    stdio: "inherit",
  });
  writeFileSync(file, JSON.stringify([process.pid, child.pid]));
}
