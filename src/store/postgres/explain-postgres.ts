import { z } from "zod";
import { StoreError } from "../store-error.ts";

const Failure = z.object({ code: z.string(), message: z.string() });

/** Errors without a code that `pg` throws when the connection breaks during a statement. */
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
const UNTRUSTED: Explained = [
  "unreachable",
  "shows a certificate that is not trusted here. Name that of its authority in DATABASE_URL (?sslmode=verify-full&sslrootcert=/path/ca.pem); ?sslmode=no-verify trusts any",
];
const READ_ONLY: Explained = [
  "read_only",
  "takes no writes: it is a standby, or set to read only. Point DATABASE_URL at the primary",
];
const REFUSED: Explained = ["other", "refused a statement"];
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
  CERT_HAS_EXPIRED: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "unreachable",
    "shows the certificate of another host. Write the host in DATABASE_URL as the certificate names it",
  ],
  "08000": AWAY,
  "08001": AWAY,
  "08003": AWAY,
  "08004": AWAY,
  "08006": AWAY,
  "25P03": ["unreachable", "ended an idle transaction. It was rolled back"],
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

/** Errors that only their message identifies. */
const BY_WORDS: readonly (readonly [RegExp, Explained])[] = [
  [
    /pg_hba\.conf entry.{0,400}(no encryption|SSL off)/,
    [
      "unreachable",
      "lets this user in by an encrypted connection only, if at all. Add ?sslmode=verify-full to DATABASE_URL",
    ],
  ],
  [
    /does not support SSL/,
    ["unreachable", "takes no encrypted connection. Leave sslmode out of DATABASE_URL"],
  ],
  [
    /^ENOENT.*, open /,
    ["unreachable", "cannot be reached: a file that DATABASE_URL names is not there"],
  ],
];

/** Undefined if neither the code nor the message is known. */
const meaningOf = (code: string, told: string): Explained | undefined =>
  BY_WORDS.find(([words]) => words.test(told))?.[1] ??
  EXPLAINED[code] ??
  (GONE.test(told) ? AWAY : undefined);

/** Turns PostgreSQL and connection errors into plain messages. `where` names the database without its password. Returns other errors unchanged. */
export function explainPostgres(error: unknown, where: string): unknown {
  if (error instanceof StoreError) return error;
  const told = error instanceof Error ? error.message : "";
  const failure = Failure.safeParse(error);
  if (!failure.success) {
    const meaning = meaningOf("", told);
    return meaning ? storeError(meaning, where, { cause: error, detail: told }) : error;
  }
  const { code, message } = failure.data;
  const meaning = meaningOf(code, told) ?? REFUSED;
  return storeError(meaning, where, { cause: error, code, detail: message || code });
}

const storeError = (
  [kind, words]: Explained,
  where: string,
  { detail, ...rest }: { cause: unknown; code?: string; detail: string },
) => new StoreError(kind, `${where} ${words} (PostgreSQL: ${detail}).`, rest);
