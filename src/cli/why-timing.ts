import { TurnId } from "../ids.ts";
import { waterfall } from "../progress/timing-reply.ts";
import type { LoadedSettings } from "../settings.ts";
import { openStore } from "../store/store.ts";
import { readTiming } from "../turns/read-timing.ts";
import { CliError } from "./parse-cli.ts";

/** `why --timing`: where the time of a turn went; undefined: the latest turn. Rejects with a `StoreError`, or a `CliError` when there is none. */
export async function whyTiming(
  { settings, pid }: LoadedSettings & { readonly pid: number },
  id: string | undefined,
): Promise<string> {
  const { PARLEY_DATA: dir, DATABASE_URL: url } = settings;
  const store = await openStore({ dir, pid, now: Date.now, url });
  try {
    const turn =
      id === undefined ? await store.turns.latest() : await store.turns.get(TurnId.parse(id));
    if (!turn)
      throw new CliError(
        id === undefined ? "There are no turns yet." : `There is no turn “${id}”.`,
      );
    return waterfall(await readTiming(store, turn), Date.now());
  } finally {
    await store.close();
  }
}
