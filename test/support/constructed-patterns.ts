import { argv, stdout } from "node:process";
import { pathToFileURL } from "node:url";

/** Prints the patterns that the modules, given as arguments, construct while they load: an array of `SourcePattern` in JSON. */
const found: { readonly at: string; readonly source: string; readonly flags: string }[] = [];
const files = argv.slice(2);

globalThis.RegExp = new Proxy(RegExp, {
  construct(target, given: [string, string?], newTarget) {
    const pattern: unknown = Reflect.construct(target, given, newTarget);
    // The first line is the message, the second this function.
    const caller = new Error("here").stack?.split("\n")[2] ?? "";
    const file = files.find((path) => caller.includes(`${path}:`));
    if (file !== undefined && pattern instanceof target) {
      found.push({ at: file, source: pattern.source, flags: pattern.flags });
    }
    return Object(pattern);
  },
});

for (const file of files) await import(pathToFileURL(file).href);
stdout.write(JSON.stringify(found));
