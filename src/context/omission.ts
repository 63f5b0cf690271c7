/** What a prompt leaves out. */
export interface Omission {
  /** Older messages of the thread. */
  readonly messages: number;
  /** How many of them a summary replaces. */
  readonly summarised: number;
  /** Messages and answers cut in the middle. */
  readonly cut: number;
  /** Attached files. */
  readonly files: number;
  /** The platform did not return the whole thread. */
  readonly incomplete: boolean;
}

export const NOTHING_OMITTED: Omission = {
  messages: 0,
  summarised: 0,
  cut: 0,
  files: 0,
  incomplete: false,
};

/** The maximum of each count: what at least one agent did not see. */
export const worstOf = (a: Omission, b: Omission): Omission => ({
  messages: Math.max(a.messages, b.messages),
  summarised: Math.max(a.summarised, b.summarised),
  cut: Math.max(a.cut, b.cut),
  files: Math.max(a.files, b.files),
  incomplete: a.incomplete || b.incomplete,
});

/** A line for people; undefined if nothing was left out. */
export function formatOmission(omission: Omission): string | undefined {
  const parts = [
    omission.messages > 0 &&
      count(omission.messages, "older message") + (omission.summarised > 0 ? " (summarised)" : ""),
    omission.cut > 0 && `the middle of ${count(omission.cut, "long text")}`,
    omission.files > 0 && count(omission.files, "file"),
    omission.incomplete && "messages the platform did not return",
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : `Not read: ${listed(parts)}.`;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
