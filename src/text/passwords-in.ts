/** A URL's password, encoded and decoded. */
export function passwordsIn(value: string): readonly string[] {
  const [, written] = /^\w+:\/\/[^/@:]*:([^/]*)@/.exec(value) ?? [];
  if (written === undefined || written === "") return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}
