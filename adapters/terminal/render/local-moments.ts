import { showMoments } from "../../../src/progress/moments.ts";

/** Moments in the time zone of this machine: "2026-11-30 16:20". */
export const localMoments = (text: string): string =>
  showMoments(text, (seconds) =>
    new Date(seconds * 1000).toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short" }),
  );
