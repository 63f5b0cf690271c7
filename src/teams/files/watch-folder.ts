import { watch } from "node:fs";

/** Calls `onChange` when anything in a folder changes, `onLost` once if it cannot be watched any longer; the result ends it. */
export type WatchFolder = (dir: string, onChange: () => void, onLost: () => void) => () => void;

/** By the file system's own notices. What changed is not said: editors save by renaming, and file names arrive unreliably. */
export const watchFolder: WatchFolder = (dir, onChange, onLost) => {
  try {
    const watcher = watch(dir, { persistent: false }, onChange);
    watcher.on("error", () => {
      watcher.close();
      onLost();
    });
    return () => watcher.close();
  } catch {
    onLost();
    return () => {};
  }
};
