import { z } from "zod";
import type { TurnId } from "../../ids.ts";
import type { Queries, Value } from "../database.ts";
import { Int, json } from "../row.ts";
import { valueRows } from "./value-rows.ts";

/** A counter of its owner's usage in one period. */
export const Meter = z.object({
  /** A person in a space, a channel, a space, or the installation, as `budgets` writes it. */
  owner: z.string(),
  /** "day:2026-11-28", "hour:494371". */
  period: z.string(),
  /** When the period ends, milliseconds since the epoch. */
  endsAt: Int,
  /** The owner's display name; "" if unknown. */
  label: z.string(),
});
export type Meter = z.infer<typeof Meter>;

/** Usage. Money in millionths of a dollar, so that released reservations add up to exactly zero. */
export interface Spent {
  readonly tokens: number;
  readonly microUsd: number;
}

const Balance = Meter.extend({
  turns: Int,
  tokens: Int,
  microUsd: Int,
  /** Reserved for unfinished turns. */
  reservedTokens: Int,
  reservedMicroUsd: Int,
});
/** A meter with its current values. */
export type Balance = z.infer<typeof Balance>;

const columns = `owner, period, ends_at AS "endsAt", label, turns, tokens, micro_usd AS "microUsd",
  reserved_tokens AS "reservedTokens", reserved_micro_usd AS "reservedMicroUsd"`;

/** How long meters are kept after their period: a turn may end after its process was down for a weekend. */
const KEPT_MS = 7 * 86_400_000;

const Reservation = z.object({
  tokens: Int,
  microUsd: Int,
  held: json(z.array(Meter)),
  counted: json(z.array(Meter)),
});
type Reservation = z.infer<typeof Reservation>;

/**
 * Usage and reservations. To prevent deadlocks, every transaction locks meters in the same order, after the turn and its reservation and
 * before the lane.
 */
export const createBudgets = (db: Queries, now: () => number) => ({
  ...createBudgetReads(db),

  /** Reads meters in the order given and locks their rows until the transaction ends, so that no one else can spend the same money. */
  async hold(meters: readonly Meter[]): Promise<readonly Balance[]> {
    const balances = await change(db, meters, () => ({}));
    const held = new Map(balances.map((balance) => [keyOf(balance), balance]));
    return meters.flatMap((meter) => held.get(keyOf(meter)) ?? []);
  },

  /**
   * Reserves an estimate for a turn on the meters that its transaction has locked (`held`). `counted` meters have no limits, so they are only
   * updated when the turn ends and need no lock. Each turn has one reservation, which ends with the turn.
   */
  async reserve(turn: TurnId, { held, counted, estimate }: ReservationPlan): Promise<void> {
    const { tokens, microUsd } = estimate;
    const kept = { turns: 1, reservedTokens: tokens, reservedMicroUsd: microUsd };
    await change(db, held, () => kept);
    await db.q(
      "INSERT INTO reservations (turn, tokens, micro_usd, held, counted) VALUES ($1, $2, $3, $4, $5)",
      [turn, tokens, microUsd, JSON.stringify(held), JSON.stringify(counted)],
    );
  },

  /** Releases the reservation of a turn that was never asked. Idempotent. */
  withdraw: (turn: TurnId): Promise<void> => db.tx((t) => withdrawReservation(t, turn)),

  /** Replaces the reservation with the turn's actual usage. Idempotent. */
  settle: (
    turn: TurnId,
    { tokens, costUsd }: { readonly tokens: number; readonly costUsd: number },
  ): Promise<void> =>
    db.tx(async (t) => {
      const microUsd = Math.round(costUsd * 1e6);
      await endReservation(t, turn, () => ({ tokens: Math.round(tokens), microUsd, turns: 1 }));
      await t.q("DELETE FROM meters WHERE ends_at < $1", [now() - KEPT_MS]);
    }),
});

const createBudgetReads = (db: Queries) => ({
  /** Reads meters, in the order given. */
  async read(meters: readonly Meter[]): Promise<readonly Balance[]> {
    const found: Balance[] = [];
    for (const meter of meters) {
      const rows = await db.q(`SELECT ${columns} FROM meters WHERE owner = $1 AND period = $2`, [
        meter.owner,
        meter.period,
      ]);
      found.push(rows[0] ? Balance.parse(rows[0]) : { ...meter, ...EMPTY });
    }
    return found;
  },

  /** The owners with this `prefix` and the highest usage in a period: by money, then by tokens. */
  async most(prefix: string, period: string, count: number): Promise<readonly Balance[]> {
    const rows = await db.q(
      `SELECT ${columns} FROM meters WHERE period = $1 AND substr(owner, 1, $3) = $2 AND tokens > 0
       ORDER BY micro_usd DESC, tokens DESC, owner LIMIT $4`,
      [period, prefix, prefix.length, count],
    );
    return z.array(Balance).parse(rows);
  },
});

export interface ReservationPlan {
  readonly held: readonly Meter[];
  readonly counted: readonly Meter[];
  readonly estimate: Spent;
}

/** Releases the reservation of a turn that was withdrawn before it ran. */
export const withdrawReservation = (t: Queries, turn: TurnId): Promise<void> =>
  endReservation(t, turn, () => ({ tokens: 0, microUsd: 0, turns: 0 }));

/** Books the estimate as usage for a turn that ended without reporting its usage. */
export const closeReservation = (t: Queries, turn: TurnId): Promise<void> =>
  endReservation(t, turn, ({ tokens, microUsd }) => ({ tokens, microUsd, turns: 1 }));

async function endReservation(
  t: Queries,
  turn: TurnId,
  spentOf: (reservation: Reservation) => Spent & { readonly turns: 0 | 1 },
): Promise<void> {
  const [row] = await t.q(
    `DELETE FROM reservations WHERE turn = $1 RETURNING tokens, micro_usd AS "microUsd", held, counted`,
    [turn],
  );
  if (!row) return;
  const reservation = Reservation.parse(row);
  const { turns, tokens, microUsd } = spentOf(reservation);
  const back = { reservedTokens: -reservation.tokens, reservedMicroUsd: -reservation.microUsd };
  const changes = new Map<string, Change>([
    ...reservation.counted.map((meter) => [keyOf(meter), { turns, tokens, microUsd }] as const),
    ...reservation.held.map(
      (meter) => [keyOf(meter), { turns: turns - 1, tokens, microUsd, ...back }] as const,
    ),
  ]);
  const meters = [...reservation.held, ...reservation.counted];
  await change(t, meters, (meter) => changes.get(keyOf(meter)) ?? {});
}

const EMPTY = { turns: 0, tokens: 0, microUsd: 0, reservedTokens: 0, reservedMicroUsd: 0 };
type Change = Partial<typeof EMPTY>;

const keyOf = ({ owner, period }: Meter): string => `${owner} ${period}`;

/** Distinct meters, in locking order. */
const inOrder = (meters: readonly Meter[]): readonly Meter[] =>
  [...new Map(meters.map((meter) => [keyOf(meter), meter]))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, meter]) => meter);

/** Changes each meter and returns the new values. */
async function change(
  t: Queries,
  meters: readonly Meter[],
  changeOf: (meter: Meter) => Change,
): Promise<readonly Balance[]> {
  if (meters.length === 0) return [];
  const params: Value[] = [];
  const rows = inOrder(meters).map((meter) => {
    const { turns, tokens, microUsd, reservedTokens, reservedMicroUsd } = {
      ...EMPTY,
      ...changeOf(meter),
    };
    const { owner, period, endsAt, label } = meter;
    return [
      owner,
      period,
      endsAt,
      label,
      turns,
      tokens,
      microUsd,
      reservedTokens,
      reservedMicroUsd,
    ];
  });
  const balances = await t.q(
    `INSERT INTO meters (owner, period, ends_at, label, turns, tokens, micro_usd, reserved_tokens, reserved_micro_usd)
     VALUES ${valueRows(rows, params)}
     ON CONFLICT (owner, period) DO UPDATE SET turns = meters.turns + excluded.turns, tokens = meters.tokens + excluded.tokens,
       micro_usd = meters.micro_usd + excluded.micro_usd, reserved_tokens = meters.reserved_tokens + excluded.reserved_tokens,
       reserved_micro_usd = meters.reserved_micro_usd + excluded.reserved_micro_usd, label = excluded.label
     RETURNING ${columns}`,
    params,
  );
  return z.array(Balance).parse(balances);
}
