import { watch } from "node:fs";

/** Calls `onChange` on any change in a folder, and `onLost` once if watching fails. The result stops watching. */
export type WatchFolder = (dir: string, onChange: () => void, onLost: () => void) => () => void;

/** Uses file system events. They do not say what changed, because editors save by renaming and file names are unreliable. */
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
