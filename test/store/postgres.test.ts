import { databaseContract } from "../contracts/database.ts";
import { storeContract } from "../contracts/store.ts";
import { createPgliteDatabases } from "../support/pglite.ts";
import { createPostgresDatabase } from "../support/postgres.ts";

const lite = createPgliteDatabases();
databaseContract("PGlite in process", () => lite.open());
storeContract("PGlite in process", () => lite.open());

const server = await createPostgresDatabase();
if (server) {
  databaseContract("PostgreSQL", () => server.open());
  storeContract("PostgreSQL", () => server.open());
}
