import { z } from "zod";

/** A package at a version, as the lock file has it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
}

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string().optional(),
      dev: z.boolean().optional(),
    }),
  ),
});

/** Every package of a package-lock.json that an installation without dev dependencies has. */
export function lockedPackages(lock: unknown): readonly LockedPackage[] {
  const found = new Map<string, LockedPackage>();
  for (const [path, { name, version, dev }] of Object.entries(Lock.parse(lock).packages)) {
    const at = path.lastIndexOf("node_modules/");
    if (at === -1 || dev === true || version === undefined) continue;
    const own = name ?? path.slice(at + "node_modules/".length);
    found.set(`${own}@${version}`, { name: own, version });
  }
  return [...found.values()];
}

// https://ossf.github.io/osv-schema/
const Event = z.object({
  introduced: z.string().optional(),
  fixed: z.string().optional(),
  last_affected: z.string().optional(),
});
export const Advisory = z.object({
  id: z.string(),
  summary: z.string().optional(),
  withdrawn: z.string().optional(),
  affected: z
    .array(
      z.object({
        package: z.object({ ecosystem: z.string(), name: z.string() }).optional(),
        ranges: z.array(z.object({ type: z.string(), events: z.array(Event) })).optional(),
        versions: z.array(z.string()).optional(),
      }),
    )
    .default([]),
});
export type Advisory = z.infer<typeof Advisory>;

interface Version {
  readonly numbers: readonly number[];
  /** Empty: a release. */
  readonly pre: readonly string[];
}

function parseVersion(text: string): Version {
  const [release = "", ...pre] = (text.split("+", 1)[0] ?? "").split("-");
  return {
    numbers: release.split(".").map((part) => Number(part) || 0),
    pre: pre.length > 0 ? pre.join("-").split(".") : [],
  };
}

/** Semantic versions' order: https://semver.org/#spec-item-11. Negative: `a` comes first. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  for (const at of [0, 1, 2]) {
    const difference = (left.numbers[at] ?? 0) - (right.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.pre.length === 0 || right.pre.length === 0) return right.pre.length - left.pre.length;
  return comparePre(left.pre, right.pre);
}

function comparePre(left: readonly string[], right: readonly string[]): number {
  const at = left.findIndex((part, index) => part !== right[index]);
  const [one, other] = at === -1 ? [] : [left[at], right[at]];
  return one === undefined || other === undefined
    ? left.length - right.length
    : comparePart(one, other);
}

/** Numbers come before words. */
function comparePart(one: string, other: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (isNumber && isOtherNumber) return Number(one) - Number(other);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return one < other ? -1 : 1;
}

type Range = NonNullable<Advisory["affected"][number]["ranges"]>[number];

/** The last event at or before a version decides. */
function isInRange(version: string, { type, events }: Range): boolean {
  if (type !== "SEMVER" && type !== "ECOSYSTEM") return false;
  let isAffected = false;
  const at = (limit: string | undefined) =>
    limit !== undefined && (limit === "0" || compareVersions(version, limit) >= 0);
  for (const { introduced, fixed, last_affected: last } of events) {
    if (at(introduced)) isAffected = true;
    if (at(fixed) || (last !== undefined && compareVersions(version, last) > 0)) isAffected = false;
  }
  return isAffected;
}

/** The advisories that concern locked packages, a line each: `GHSA-… undici@7.0.0: …`. */
export const findAdvisories = (
  packages: readonly LockedPackage[],
  advisories: readonly Advisory[],
): readonly string[] =>
  advisories
    .filter(({ withdrawn }) => withdrawn === undefined)
    .flatMap(({ id, summary = "no summary", affected }) =>
      packages
        .filter(({ name, version }) =>
          affected.some(
            ({ package: concerned, ranges = [], versions = [] }) =>
              concerned?.ecosystem === "npm" &&
              concerned.name === name &&
              (versions.includes(version) || ranges.some((range) => isInRange(version, range))),
          ),
        )
        .map(({ name, version }) => `${id} ${name}@${version}: ${summary}`),
    )
    .toSorted();
