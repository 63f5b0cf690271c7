const bare = (word: string) => word.toLowerCase().replaceAll(/[\s_-]/g, "");

/** Edits (insert, delete, replace, swap two neighbours) between two words; case, spaces, _ and - count for nothing. */
function editDistance(left: string, right: string): number {
  const [a, b] = [bare(left), bare(right)];
  // Distances between all pairs of prefixes; against an empty one it is the other's length.
  const table: number[][] = [];
  const at = (row: number, column: number) => table[row]?.[column] ?? Math.max(row, column);
  for (let row = 1; row <= a.length; row += 1) {
    table[row] = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = at(row - 1, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      table[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          swapped ? Math.min(replaced, at(row - 2, column - 2) + 1) : replaced,
        ),
      );
    }
  }
  return at(a.length, b.length);
}

/** Nobody mistypes a longer word; comparing takes time with the square of its length. */
const LONGEST = 64;

/** The candidate that a mistyped word most likely means; null when none is near enough. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  if (word.length > LONGEST) return null;
  const allowed = Math.max(1, Math.floor(bare(word).length / 3));
  const [best] = candidates
    .filter(({ length }) => length <= 2 * LONGEST)
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= allowed && distance < bare(candidate).length)
    .sort((a, b) => a.distance - b.distance);
  return best?.candidate ?? null;
}
