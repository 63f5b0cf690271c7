import pg from "pg";
import { afterAll } from "vitest";
import { openPostgres } from "../../src/store/postgres/open-postgres.ts";

const ADMIN = process.env["TEST_DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";

/** A server's database of one's own, dropped after the tests of the file; null, with a line that says so, where no server answers. */
export async function createPostgresDatabase() {
  const admin = new pg.Client({ connectionString: ADMIN, connectionTimeoutMillis: 2_000 });
  try {
    await admin.connect();
  } catch (error) {
    const why = error instanceof Error ? error.message || String(error) : String(error);
    process.stderr.write(`Skipped: no PostgreSQL answers at ${new URL(ADMIN).host} (${why}).\n`);
    return null;
  }
  const name = `parley_test_${crypto.randomUUID().replaceAll("-", "")}`;
  await admin.query(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  // What a test writes is not worth a disk's time.
  await admin.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
  afterAll(async () => {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  });
  const url = new URL(ADMIN);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    name,
    /** Runs statements as somebody else would. */
    admin,
    /** Empties it, and opens it. */
    async open() {
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
      await client.end();
      return openPostgres(url.href);
    },
  };
}
