import type { Path } from "./yaml-source.ts";

/** The value at a path; undefined if missing. */
export const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
    root,
  );

/** `agents[0].backend.model`; the root is "the file". */
export const formatPath = (path: Path): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : `${text}${text && "."}${String(part)}`,
    "",
  ) || "the file";

/** `a, b or c`. */
export const formatChoice = (values: readonly unknown[]): string => {
  const texts = values.map(String);
  return texts.length < 2
    ? texts.join("")
    : `${texts.slice(0, -1).join(", ")} or ${String(texts.at(-1))}`;
};

/** The value as written, or its kind if it is not a scalar. */
export function formatValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "nothing";
  return typeof value === "object" ? "a mapping" : JSON.stringify(value);
}
