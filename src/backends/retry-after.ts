/**
 * Parses `retry-after-ms` or `retry-after`, in milliseconds; undefined if both are missing or not in the future. Compares a date with the reply's
 * `date` header, so the local clock does not matter.
 */
export function retryAfterMs(headers: Headers | undefined): number | undefined {
  const wait =
    number(headers?.get("retry-after-ms")) ??
    seconds(headers?.get("retry-after")) ??
    between(headers?.get("date"), headers?.get("retry-after"));
  return wait !== undefined && wait > 0 ? wait : undefined;
}

function number(text: string | null | undefined): number | undefined {
  const value = text ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function seconds(text: string | null | undefined): number | undefined {
  const value = number(text);
  return value === undefined ? undefined : value * 1000;
}

function between(from: string | null | undefined, to: string | null | undefined) {
  const ms = from && to ? Date.parse(to) - Date.parse(from) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
