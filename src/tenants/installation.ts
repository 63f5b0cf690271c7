import type { Place } from "../ids.ts";
import { nearest } from "../text/nearest.ts";
import type { Level } from "../platform.ts";

/** A person, user group or role listed in PARLEY_ADMINS. */
export interface InstallationAdmin {
  readonly platform: string;
  /** The workspace or server where the id applies; null: everywhere. */
  readonly space: string | null;
  readonly id: string;
}

/** Who administers this installation, and whether several workspaces share it. */
export interface Installation {
  readonly admins: readonly InstallationAdmin[];
  /** True if the app serves more than one workspace of a platform, or anyone may add it to one. */
  readonly isMany: () => boolean;
}

/** PARLEY_ADMINS is invalid; the message shows the syntax. */
export class AdminsSettingError extends Error {
  override readonly name = "AdminsSettingError";
}

const ENTRY = /^([a-z]+):(?:([\w.-]+)\/)?([\w.-]+)$/;

/**
 * Parses PARLEY_ADMINS: `platform:id` or `platform:workspace/id`, separated by commas or white space. There is no wildcard. `platforms`
 * lists every platform. Throws an `AdminsSettingError`.
 */
export const parseAdmins = (
  setting: string,
  platforms: readonly string[],
): readonly InstallationAdmin[] =>
  setting
    .split(/[\s,;]+/)
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [, platform, space = null, id] = ENTRY.exec(entry) ?? [];
      if (platform !== undefined && id !== undefined) {
        if (platforms.includes(platform)) return { platform, space, id };
        throw new AdminsSettingError(noPlatform(entry, platform, platforms));
      }
      throw new AdminsSettingError(
        `PARLEY_ADMINS: “${entry}” names nobody. Write platform:id, such as slack:U012AB3CD or discord:80351110224678912, or platform:workspace/id, such as slack:T012AB3CD/U012AB3CD; several with commas between.`,
      );
    });

function noPlatform(entry: string, platform: string, platforms: readonly string[]): string {
  const meant = nearest(platform, platforms);
  const hint = meant === null ? "" : ` Did you mean ${entry.replace(platform, meant)}?`;
  return `PARLEY_ADMINS: “${entry}” names the platform ${platform}; there is ${platforms.join(", ")}.${hint}`;
}

/**
 * Raises the level of people listed in PARLEY_ADMINS to `installation`. Without that setting, the admins of a single workspace administer
 * the installation; if several workspaces share it, nobody on a platform does. `ids` are the person's own id, groups and roles.
 */
export function installationLevel(
  { admins, isMany }: Installation,
  { platform, space }: Pick<Place, "platform" | "space">,
  { ids, level }: { readonly ids: readonly string[]; readonly level: Level },
): Level {
  const isNamed = admins.some(
    (admin) =>
      admin.platform === platform &&
      (admin.space === null || admin.space === space) &&
      ids.includes(admin.id),
  );
  const runsTheOnlyOne = level === "admin" && admins.length === 0 && !isMany();
  return isNamed || runsTheOnlyOne ? "installation" : level;
}
