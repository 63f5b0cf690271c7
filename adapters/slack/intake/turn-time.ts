import type { TurnId } from "../../../src/ids.ts";

const UUID_V7 = /^([\da-f]{8})-([\da-f]{4})-7[\da-f]{3}-/i;

/** When a turn was taken on, milliseconds since the epoch, as its id tells (UUIDv7); undefined for other ids. */
export function turnTime(turn: TurnId): number | undefined {
  const [, high, low] = UUID_V7.exec(turn) ?? [];
  return high === undefined || low === undefined ? undefined : Number.parseInt(high + low, 16);
}
