import { ApiError } from "./api-error.ts";

export interface PageOptions {
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
  /** When no limit is given. */
  readonly usual: number;
  /** More is a mistake of the caller. */
  readonly most: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
  readonly meta: { readonly next_cursor: string };
}

/** A page of a list, by cursor. Throws an `ApiError`. */
export function pageOf<T>(all: readonly T[], options: PageOptions): Page<T> {
  const { limit = options.usual, cursor, most } = options;
  if (limit < 1 || limit > most) throw new ApiError("invalid_limit");
  const start = cursor === undefined || cursor === "" ? 0 : readCursor(cursor);
  const end = start + limit;
  const hasMore = end < all.length;
  const next = hasMore ? Buffer.from(`next_ts:${end}`).toString("base64") : "";
  return { items: all.slice(start, end), hasMore, meta: { next_cursor: next } };
}

function readCursor(cursor: string): number {
  const [, start] = /^next_ts:(\d+)$/.exec(Buffer.from(cursor, "base64").toString()) ?? [];
  if (start === undefined) throw new ApiError("invalid_cursor");
  return Number(start);
}
