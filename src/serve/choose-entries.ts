import type { AdapterEntry, StartFlags } from "../adapter-kit/adapter.ts";
import { type LoadedSettings, SettingsError } from "../settings.ts";
import { nearest } from "../text/nearest.ts";

/** The platforms to serve: those that are named, or else configured, or else the fallback. Throws a `SettingsError`. */
export function chooseEntries(
  { platforms }: StartFlags,
  { env }: LoadedSettings,
  entries: readonly AdapterEntry[],
): readonly AdapterEntry[] {
  const names = entries.map(({ name }) => name);
  const unknown = platforms.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, names);
    throw new SettingsError(
      `There is no platform “${unknown}”; there is ${names.join(", ")}.${near ? ` Did you mean ${near}?` : ""}`,
    );
  }
  // In the order in which they were named.
  if (platforms.length > 0)
    return [...new Set(platforms)].flatMap((named) => entries.filter(({ name }) => name === named));
  const configured = entries.filter(({ isConfigured }) => isConfigured(env));
  return configured.length > 0 ? configured : entries.filter(({ isFallback }) => isFallback);
}
