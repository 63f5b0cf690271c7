import type { Clock } from "../../clock.ts";
import type { WatchFolder } from "./watch-folder.ts";

/** Debounce: one save triggers several events, and the file may be half-written at the first. */
const SETTLE_MS = 100;
/** A missing folder (an unmounted volume, a checkout) may come back. */
const RETRY_MS = 5_000;

export interface ReloadTriggerOptions {
  readonly dirs: readonly string[];
  readonly watch: WatchFolder;
  readonly clock: Clock;
  readonly reload: () => void;
}

/** Calls `reload` after changes, debounced. The result stops watching. */
export function createReloadTrigger({ dirs, watch, clock, reload }: ReloadTriggerOptions) {
  let stops: (() => void)[] = [];
  let cancel = () => {};
  const after = (ms: number) => {
    cancel();
    cancel = clock.setTimer(ms, () => {
      // The watcher of a replaced folder reports nothing.
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
