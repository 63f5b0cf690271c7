import { alignTable } from "../adapter-kit/text/aligned-table.ts";
import { formatTrackBoard } from "../track-records/format-track-board.ts";
import type { LoadedSettings } from "../settings.ts";
import { openStore } from "../store/store.ts";

/** `stats models`: how the models of each space did. Rejects with a `StoreError`. */
export async function statsModels({
  settings,
  pid,
}: LoadedSettings & { readonly pid: number }): Promise<string> {
  const { PARLEY_DATA: dir, DATABASE_URL: url } = settings;
  const store = await openStore({ dir, pid, now: Date.now, url });
  try {
    const boards = await store.trackRecords.boards();
    if (boards.length === 0) return "Nothing is known yet: no team has had a turn.";
    return boards
      .map(({ platform, space, board }) => {
        const { lines, table } = formatTrackBoard(board);
        const name = space === "" ? platform : `${platform} ${space}`;
        return [
          name,
          ...lines.map((line) => line.replaceAll("*", "")),
          alignTable(table).text,
        ].join("\n");
      })
      .join("\n\n");
  } finally {
    await store.close();
  }
}
