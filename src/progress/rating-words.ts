/** A rating of an answer: 👍 or 👎. */
export type Verdict = "up" | "down";

const SIGNS = { up: "👍", down: "👎" } as const;

/** "Noted: 👍", "Changed: 👍 → 👎", "Your 👎 is withdrawn". `before`: the rating that it replaces; null: there was none. */
export function ratingTitle(verdict: Verdict | null, before: Verdict | null): string {
  if (verdict === null)
    return before === null ? "You had not rated this answer" : `Your ${SIGNS[before]} is withdrawn`;
  return before === null || before === verdict
    ? `Noted: ${SIGNS[verdict]}`
    : `Changed: ${SIGNS[before]} → ${SIGNS[verdict]}`;
}

/** What a form asks after 👎. */
export const ASK_REASON = {
  title: "What was wrong?",
  label: "What was wrong? (optional)",
  hint: "Only the people who run the team read it.",
  placeholder: "It misses the question",
  longest: 1_000,
} as const;

/** "Rated 👍 2, 👎 1"; undefined: nobody has rated it. Then the reasons, a line each. */
export function ratingLines(
  ratings: readonly { readonly verdict: Verdict; readonly reason: string | null }[],
): readonly string[] {
  if (ratings.length === 0) return [];
  const count = (verdict: Verdict) => ratings.filter((given) => given.verdict === verdict).length;
  const counts = (["up", "down"] as const).flatMap((verdict) =>
    count(verdict) > 0 ? [`${SIGNS[verdict]} ${count(verdict)}`] : [],
  );
  const reasons = ratings.flatMap(({ verdict, reason }) =>
    reason === null ? [] : [`- ${SIGNS[verdict]} “${reason.replaceAll(/\s+/g, " ")}”`],
  );
  return [`Rated ${counts.join(", ")}`, ...reasons];
}
