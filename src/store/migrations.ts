export interface Migration {
  readonly name: string;
  readonly sql: readonly string[];
}

/**
 * The schema's history. Forward only: append entries, never change a released one. Migrations only add to the schema, because processes of
 * the previous version keep running during a rollout. Use SQL that SQLite and PostgreSQL share: BIGINT and DOUBLE PRECISION, JSON as TEXT,
 * no generated keys.
 */
export const migrations: readonly Migration[] = [
  {
    name: "turns, journal, deliveries, bindings, messages, usage",
    sql: [
      "CREATE TABLE claims (key TEXT PRIMARY KEY, at BIGINT NOT NULL)",

      // One row per conversation assigns sequence numbers to its turns, in commit order.
      "CREATE TABLE lanes (conversation TEXT PRIMARY KEY, last_seq BIGINT NOT NULL)",

      `CREATE TABLE turns (
        id TEXT PRIMARY KEY, conversation TEXT NOT NULL, seq BIGINT NOT NULL,
        state TEXT NOT NULL, outcome TEXT, request TEXT NOT NULL, person TEXT NOT NULL, team TEXT NOT NULL,
        epoch BIGINT NOT NULL, attempts BIGINT NOT NULL, cancel TEXT, inbox_open BIGINT NOT NULL,
        created_at BIGINT NOT NULL, started_at BIGINT, ended_at BIGINT, UNIQUE (conversation, seq))`,
      "CREATE INDEX turns_unfinished ON turns (conversation, seq) WHERE state <> 'done'",

      `CREATE TABLE journal (
        turn TEXT NOT NULL, seq BIGINT NOT NULL, type TEXT NOT NULL, event TEXT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (turn, seq))`,

      `CREATE TABLE inbox (
        turn TEXT NOT NULL, seq BIGINT NOT NULL, message_id TEXT NOT NULL, message TEXT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (turn, message_id), UNIQUE (turn, seq))`,

      `CREATE TABLE deliveries (
        turn TEXT NOT NULL, kind TEXT NOT NULL, chunk BIGINT NOT NULL, chunks BIGINT NOT NULL,
        conversation TEXT NOT NULL, state TEXT NOT NULL, message_id TEXT, text TEXT NOT NULL,
        original TEXT, file_name TEXT, at BIGINT NOT NULL, PRIMARY KEY (turn, kind, chunk))`,
      "CREATE INDEX deliveries_by_conversation ON deliveries (conversation, kind)",

      // All versions stay: the highest is current, the rest is the audit trail. A null value means that the binding was removed.
      `CREATE TABLE bindings (
        key TEXT NOT NULL, version BIGINT NOT NULL, value TEXT, written_by TEXT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (key, version))`,

      `CREATE TABLE messages (
        conversation TEXT NOT NULL, id TEXT NOT NULL, at BIGINT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL,
        files TEXT NOT NULL, mark TEXT, deleted_at BIGINT, PRIMARY KEY (conversation, id))`,

      `CREATE TABLE usage (
        turn TEXT NOT NULL, agent TEXT NOT NULL, model TEXT NOT NULL, platform TEXT NOT NULL, space TEXT NOT NULL,
        channel TEXT NOT NULL, conversation TEXT NOT NULL, person TEXT NOT NULL, input BIGINT NOT NULL,
        cached BIGINT NOT NULL, output BIGINT NOT NULL, cost_usd DOUBLE PRECISION, at BIGINT NOT NULL,
        PRIMARY KEY (turn, agent, model))`,
      "CREATE INDEX usage_by_time ON usage (at)",

      `CREATE TABLE feedback (
        turn TEXT NOT NULL, person TEXT NOT NULL, verdict TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (turn, person))`,
    ],
  },
  {
    name: "installs",
    sql: [
      // Credentials per workspace, sealed by the writer.
      `CREATE TABLE installs (
        platform TEXT NOT NULL, key TEXT NOT NULL, sealed TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (platform, key))`,
    ],
  },
  {
    name: "choices, adapter state",
    sql: [
      // For finding the latest thread of a channel.
      "CREATE INDEX turns_by_time ON turns (created_at)",

      `CREATE TABLE choices (
        turn TEXT NOT NULL, seq BIGINT NOT NULL, person TEXT NOT NULL, revision TEXT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (turn, seq))`,

      `CREATE TABLE adapter_state (
        platform TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (platform, key))`,
    ],
  },
  {
    name: "owners of turns",
    sql: [
      // The process that last started the turn; null in single-process mode.
      "ALTER TABLE turns ADD COLUMN owner TEXT",
    ],
  },
  {
    name: "key-values",
    sql: [
      // Caches and short-lived values that several processes share.
      "CREATE TABLE key_values (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires BIGINT)",
      "CREATE INDEX key_values_by_end ON key_values (expires) WHERE expires IS NOT NULL",
    ],
  },
  {
    name: "budgets",
    sql: [
      // One row per owner and period: usage, and reservations for unfinished turns. Old periods are deleted.
      `CREATE TABLE meters (
        owner TEXT NOT NULL, period TEXT NOT NULL, ends_at BIGINT NOT NULL, label TEXT NOT NULL, turns BIGINT NOT NULL,
        tokens BIGINT NOT NULL, micro_usd BIGINT NOT NULL, reserved_tokens BIGINT NOT NULL,
        reserved_micro_usd BIGINT NOT NULL, PRIMARY KEY (owner, period))`,
      "CREATE INDEX meters_by_end ON meters (ends_at)",
      "CREATE INDEX meters_by_period ON meters (period)",

      // One row per unfinished turn.
      `CREATE TABLE reservations (
        turn TEXT PRIMARY KEY, tokens BIGINT NOT NULL, micro_usd BIGINT NOT NULL, held TEXT NOT NULL, counted TEXT NOT NULL)`,
    ],
  },
  {
    name: "moves to another database",
    sql: [
      // The id of this database, or of the one that was moved here.
      "CREATE TABLE origins (id TEXT PRIMARY KEY, at BIGINT NOT NULL)",
    ],
  },
  {
    name: "estimated usage, times of deliveries",
    sql: [
      // How many of a row's tokens are Parley's estimate; null in rows from earlier versions.
      "ALTER TABLE usage ADD COLUMN estimated BIGINT",

      // When posting was first attempted; the number of rate-limit responses; the total wait, ms.
      "ALTER TABLE deliveries ADD COLUMN intended_at BIGINT",
      "ALTER TABLE deliveries ADD COLUMN limits_hit BIGINT",
      "ALTER TABLE deliveries ADD COLUMN limited_ms BIGINT",
    ],
  },
  {
    name: "threads that Parley stores",
    sql: [
      // One row per line of a thread, for platforms that store no messages themselves.
      `CREATE TABLE thread_lines (
        platform TEXT NOT NULL, thread TEXT NOT NULL, seq BIGINT NOT NULL, line TEXT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (platform, thread, seq))`,
    ],
  },
  {
    name: "team snapshots",
    sql: [
      // Most turns of a team have the same snapshot: turns.team holds its key. Earlier turns hold the snapshot itself.
      "CREATE TABLE team_snapshots (key TEXT PRIMARY KEY, team TEXT NOT NULL, at BIGINT NOT NULL)",
    ],
  },
  {
    name: "refusals of deliveries",
    sql: [
      // What the platform said when it refused the message in a form, or in all of them.
      "ALTER TABLE deliveries ADD COLUMN refusal TEXT",
    ],
  },
  {
    name: "reasons of ratings",
    sql: [
      // What was wrong with the answer, in the person's words; null: not said.
      "ALTER TABLE feedback ADD COLUMN reason TEXT",
    ],
  },
  {
    name: "turns that wait for a process",
    sql: [
      // Since when people see that the turn waits, until when it may, and when that was over; null: it has not come to that.
      "ALTER TABLE turns ADD COLUMN queued_since BIGINT",
      "ALTER TABLE turns ADD COLUMN queued_until BIGINT",
      "ALTER TABLE turns ADD COLUMN expired_at BIGINT",
      "CREATE INDEX turns_queued ON turns (created_at) WHERE state = 'queued'",
    ],
  },
  {
    name: "track records of models",
    sql: [
      // One row per team turn: models, numbers, and no words of anybody. The newest few hundred of a space stay.
      `CREATE TABLE turn_records (
        turn TEXT PRIMARY KEY, platform TEXT NOT NULL, space TEXT NOT NULL, record TEXT NOT NULL, at BIGINT NOT NULL)`,
      "CREATE INDEX turn_records_by_space ON turn_records (platform, space, at)",

      // What was learned from them.
      `CREATE TABLE track_boards (
        platform TEXT NOT NULL, space TEXT NOT NULL, board TEXT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (platform, space))`,
    ],
  },
  {
    name: "usage written to caches",
    sql: [
      // The part of a row's input that was written to a provider's cache, and the part of that which is kept for an hour or longer, since these have
      // prices of their own; null in rows from earlier versions.
      "ALTER TABLE usage ADD COLUMN cache_written BIGINT",
      "ALTER TABLE usage ADD COLUMN cache_written_long BIGINT",
    ],
  },
  {
    name: "fragments of requests",
    sql: [
      // Until when a turn takes further messages of its person as parts of its request, ms since the epoch; null: it takes none.
      "ALTER TABLE turns ADD COLUMN settles_at BIGINT",

      // The further messages of a request, for all turns that answer it.
      `CREATE TABLE fragments (
        conversation TEXT NOT NULL, message TEXT NOT NULL, request TEXT NOT NULL, PRIMARY KEY (conversation, message))`,
      "CREATE INDEX fragments_by_request ON fragments (conversation, request)",
    ],
  },
];
