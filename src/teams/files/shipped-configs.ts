import { createRequire } from "node:module";
import { dirname } from "node:path";

/** The folder of the team files that come with Parley. */
export const shippedConfigs = (): string =>
  dirname(createRequire(import.meta.url).resolve("#configs/schema.json"));
