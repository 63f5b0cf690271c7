import type { Clock } from "../../clock.ts";
import type { WatchFolder } from "./watch-folder.ts";

/** One save is several notices, and a file may be half-written at the first. */
const SETTLE_MS = 100;
/** A folder that is gone (an unmounted volume, a checkout) may come back. */
const RETRY_MS = 5_000;

export interface ReloadTriggerOptions {
  readonly dirs: readonly string[];
  readonly watch: WatchFolder;
  readonly clock: Clock;
  readonly reload: () => void;
}

/** Calls `reload` once the folders have been quiet for a moment after a change; the result ends it. */
export function createReloadTrigger({ dirs, watch, clock, reload }: ReloadTriggerOptions) {
  let stops: (() => void)[] = [];
  let cancel = () => {};
  const after = (ms: number) => {
    cancel();
    cancel = clock.setTimer(ms, () => {
      // A folder that was replaced keeps its name, but its old watcher stays silent.
      arm();
      reload();
    });
  };
  const disarm = () => {
    for (const stop of stops) stop();
    stops = [];
  };
  const arm = () => {
    disarm();
    stops = dirs.map((dir) =>
      watch(
        dir,
        () => after(SETTLE_MS),
        () => after(RETRY_MS),
      ),
    );
  };
  arm();
  return () => {
    cancel();
    disarm();
  };
}
