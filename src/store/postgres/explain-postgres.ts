import { z } from "zod";
import { StoreError } from "../store-error.ts";

const Failure = z.object({ code: z.string(), message: z.string() });

/** What `pg` throws without a code when the connection goes away under a statement. */
const GONE =
  /connection terminated|connection error|client was closed|timeout exceeded when trying to connect|query read timeout/i;

type Explained = readonly [kind: StoreError["kind"], words: string];

const AWAY: Explained = [
  "unreachable",
  "does not answer. Check that it runs and that DATABASE_URL names its host and port",
];
const LEAVING: Explained = ["unreachable", "is being stopped or started. Parley tries again"];
const PASSWORD: Explained = [
  "unreachable",
  "does not let this user in. Check the user and the password in DATABASE_URL",
];
const READ_ONLY: Explained = [
  "read_only",
  "takes no writes: it is a standby, or set to read only. Point DATABASE_URL at the primary",
];
const DAMAGED: Explained = ["damaged", "reports damaged data. Restore a backup"];

// SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html, and the system's own codes.
const EXPLAINED: Readonly<Record<string, Explained>> = {
  ECONNREFUSED: AWAY,
  ECONNRESET: AWAY,
  EPIPE: AWAY,
  ETIMEDOUT: AWAY,
  EHOSTUNREACH: AWAY,
  ENETUNREACH: AWAY,
  EAI_AGAIN: AWAY,
  ENOENT: AWAY,
  ENOTFOUND: ["unreachable", "cannot be found. Check the host in DATABASE_URL"],
  "08000": AWAY,
  "08001": AWAY,
  "08003": AWAY,
  "08004": AWAY,
  "08006": AWAY,
  "25P03": ["unreachable", "ended a transaction that stood still. It was rolled back"],
  "28000": PASSWORD,
  "28P01": PASSWORD,
  "3D000": ["unreachable", "has no such database. Create it (createdb), or correct DATABASE_URL"],
  "25006": READ_ONLY,
  "42P07": [
    "other",
    "holds tables of another program under the same names. Give Parley a database of its own",
  ],
  "42501": [
    "read_only",
    "does not allow this user that. Make the user the owner of the database, or grant it CREATE there",
  ],
  "53100": [
    "full",
    "cannot grow: its disk is full. Free some space; the messages that could not be stored are delivered again",
  ],
  "53200": ["busy", "is out of memory"],
  "53300": [
    "busy",
    "has no connection left. Raise its max_connections, or run fewer processes (each takes up to 11)",
  ],
  "55P03": ["busy", "is locked by another program"],
  "57P01": LEAVING,
  "57P02": LEAVING,
  "57P03": LEAVING,
  XX001: DAMAGED,
  XX002: DAMAGED,
};

/** Says in plain words what PostgreSQL or the way to it meant; `where` names the database without its password. Other errors stay as they are. */
export function explainPostgres(error: unknown, where: string): unknown {
  if (error instanceof StoreError) return error;
  const gone = error instanceof Error && GONE.test(error.message);
  const failure = Failure.safeParse(error);
  if (!failure.success) {
    return gone ? storeError(AWAY, where, { cause: error, detail: error.message }) : error;
  }
  const { code, message } = failure.data;
  const explained = EXPLAINED[code] ?? (gone ? AWAY : (["other", "refused a statement"] as const));
  return storeError(explained, where, { cause: error, code, detail: message || code });
}

const storeError = (
  [kind, words]: Explained,
  where: string,
  { detail, ...rest }: { cause: unknown; code?: string; detail: string },
) => new StoreError(kind, `${where} ${words} (PostgreSQL: ${detail}).`, rest);
