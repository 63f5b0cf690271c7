import type { Database } from "../../src/store/database.ts";
import { budgetsContract } from "./budgets.ts";
import { fragmentsContract } from "./fragments.ts";
import { installsContract } from "./installs.ts";
import { journalContract } from "./journal.ts";
import { migrationsContract } from "./migrations.ts";
import { repositoriesContract } from "./repositories.ts";
import { usageContract } from "./usage.ts";
import { openStoreBench } from "./store-bench.ts";
import { trackRecordsContract } from "./track-records.ts";
import { storedTurnsContract } from "./stored-turns.ts";

/** What every store must do; `open` gives an empty database. */
export function storeContract(name: string, open: () => Promise<Database>): void {
  const bench = async () => openStoreBench(await open());
  storedTurnsContract(name, bench);
  journalContract(name, bench);
  fragmentsContract(name, bench);
  repositoriesContract(name, bench);
  usageContract(name, bench);
  installsContract(name, bench);
  budgetsContract(name, bench);
  trackRecordsContract(name, bench);
  migrationsContract(name, open);
}
