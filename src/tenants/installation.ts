import type { Place } from "../ids.ts";
import type { Level } from "../platform.ts";

/** A person, user group or role that PARLEY_ADMINS names. */
export interface InstallationAdmin {
  readonly platform: string;
  /** The workspace or server in which the id counts; null: in every one. */
  readonly space: string | null;
  readonly id: string;
}

/** Who runs this installation, and whether several workspaces share it. */
export interface Installation {
  readonly admins: readonly InstallationAdmin[];
  /** True when the app serves, or anyone may add it to, more than one workspace of a platform. */
  readonly isMany: () => boolean;
}

/** PARLEY_ADMINS cannot be read; the message says how it is written. */
export class AdminsSettingError extends Error {
  override readonly name = "AdminsSettingError";
}

const ENTRY = /^([a-z]+):(?:([\w.-]+)\/)?([\w.-]+)$/;

/**
 * Reads PARLEY_ADMINS: `platform:id` or `platform:workspace/id`, separated by commas or blanks. There is no wildcard. Throws an
 * `AdminsSettingError`.
 */
export const parseAdmins = (setting: string): readonly InstallationAdmin[] =>
  setting
    .split(/[\s,;]+/)
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [, platform, space = null, id] = ENTRY.exec(entry) ?? [];
      if (platform !== undefined && id !== undefined) return { platform, space, id };
      throw new AdminsSettingError(
        `PARLEY_ADMINS: “${entry}” names nobody. Write platform:id, such as slack:U012AB3CD or discord:80351110224678912, or platform:workspace/id, such as slack:T012AB3CD/U012AB3CD; several with commas between.`,
      );
    });

/**
 * The level of a person, raised to `installation` for those whom PARLEY_ADMINS names. Without that setting the admins of the only
 * workspace run the installation; with many workspaces nobody does on a platform. `ids` are the person's own id, groups and roles.
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
