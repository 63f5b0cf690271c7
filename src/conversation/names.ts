import type { Person } from "../platform.ts";

const LONGEST_NAME = 64;
/** Platforms give no longer ones; what stands behind is not looked at. */
const LONGEST_READ = 1_000;
const ROLES = /^(?:system|developer|assistant|user|human|tool|model|parley)$/i;

/** A one-line display name that cannot be mistaken for a tag, a label or a role. */
export function cleanName(name: string): string {
  const plain = name
    .slice(0, LONGEST_READ)
    .toWellFormed()
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[<>:"]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
  const short = plain
    .slice(0, LONGEST_NAME)
    .replace(/[\uD800-\uDBFF]$/, "")
    .trim();
  if (short === "") return "Somebody";
  return ROLES.test(short) ? `${short} (a person)` : short;
}

/** Gives people unique names: the second Ada of a thread is "Ada (2)", another bot is "Jira (bot)". Call it in thread order. */
export function createNames(): (person: Person) => string {
  const given = new Map<string, string>();
  const taken = new Set<string>();
  /** Where to go on counting: many people may have one name. */
  const next = new Map<string, number>();
  return (person) => {
    const known = given.get(person.id);
    if (known !== undefined) return known;
    const plain = cleanName(person.name) + (person.kind === "bot" ? " (bot)" : "");
    let name = plain;
    let n = next.get(plain) ?? 2;
    for (; taken.has(name); n++) name = `${plain} (${n})`;
    next.set(plain, n);
    given.set(person.id, name);
    taken.add(name);
    return name;
  };
}
