import { z } from "zod";
import type { InstallRecords } from "../../../src/adapter-storage.ts";
import { createSeal } from "../../../src/sealing/seal.ts";
import type { Workspace } from "../workspaces.ts";

const identified = z.object({ id: z.string().min(1) });

/** What Parley reads of an installation; the rest is kept with it. */
const Installation = z.looseObject({
  team: identified.optional(),
  enterprise: identified.optional(),
  bot: z.looseObject({ token: z.string().min(1), id: z.string(), userId: z.string().min(1) }),
  isEnterpriseInstall: z.boolean().optional(),
});
export type StoredInstallation = z.infer<typeof Installation>;

/** Whose installation it is: a workspace's, or (without one) a whole organisation's. */
export interface Installed {
  readonly team?: string | undefined;
  readonly enterprise?: string | undefined;
}

/** What is stored cannot be opened; the message says what to do. */
export class SealedInstallError extends Error {
  override readonly name = "SealedInstallError";
}

const keyOf = ({ team, enterprise }: Installed): string =>
  team === undefined ? `enterprise:${enterprise ?? ""}` : `team:${team}`;

/** Under which organisation's installation a workspace was seen. */
const MEMBER = "member:";
const Member = z.object({ enterprise: z.string().min(1) });

/** JSON of a known shape, sealed under its own key. */
function createSealed(records: InstallRecords, secret: string) {
  const seal = createSeal({ secret, purpose: "slack installs" });
  const open = <T>(shape: z.ZodType<T>, key: string, sealed: string): T => {
    try {
      return shape.parse(JSON.parse(seal.open(sealed, key)));
    } catch (cause) {
      const text = `The stored Slack installation ${key} cannot be opened: SLACK_INSTALL_SECRET (or SLACK_STATE_SECRET) is not what it was stored with. Set the old value again, or install the app anew at /slack/install.`;
      throw new SealedInstallError(text, { cause });
    }
  };
  return {
    open,
    read: async <T>(shape: z.ZodType<T>, key: string): Promise<T | undefined> => {
      const sealed = await records.get(key);
      return sealed === null ? undefined : open(shape, key, sealed);
    },
    put: (key: string, value: unknown) => records.put(key, seal.close(JSON.stringify(value), key)),
  };
}

/** The installations of the app, encrypted at rest. */
export function createInstalls(records: InstallRecords, secret: string) {
  const { open, read, put } = createSealed(records, secret);

  /** A thread names its workspace alone: which organisation that belongs to is remembered from its events. */
  const findOrganisation = async (team: string, enterprise: string | undefined) => {
    const member = `${MEMBER}${team}`;
    const known = (await read(Member, member))?.enterprise;
    const of = enterprise ?? known;
    const found = of && (await read(Installation, keyOf({ enterprise: of })));
    if (found && of !== known) await put(member, { enterprise: of });
    return found || undefined;
  };

  return {
    /** Throws when it has no bot token: Parley cannot answer without one. */
    async put(installation: unknown): Promise<void> {
      const { team, enterprise, ...rest } = Installation.parse(installation);
      const of = rest.isEnterpriseInstall ? { enterprise: enterprise?.id } : { team: team?.id };
      await put(keyOf(of), installation);
    },

    /** The workspace's own installation, else its organisation's. Throws a `SealedInstallError`. */
    async find({ team = "", enterprise }: Installed): Promise<StoredInstallation | undefined> {
      const own = team === "" ? undefined : await read(Installation, keyOf({ team }));
      return own ?? findOrganisation(team, enterprise);
    },

    remove: (installed: Installed): Promise<boolean> => records.remove(keyOf(installed)),

    /** Throws a `SealedInstallError`. */
    list: async (): Promise<readonly StoredInstallation[]> =>
      (await records.list())
        .filter(({ key }) => !key.startsWith(MEMBER))
        .map(({ key, sealed }) => open(Installation, key, sealed)),

    /** The workspaces that were seen under organisations' installations. Throws a `SealedInstallError`. */
    members: async (): Promise<readonly string[]> =>
      (await records.list())
        .filter(({ key }) => key.startsWith(MEMBER))
        .map(({ key }) => key.slice(MEMBER.length)),
  };
}

export type Installs = ReturnType<typeof createInstalls>;

/** The installation as calls and parsing need it, for one of the workspaces it serves. */
export const workspaceOf = (
  { bot, enterprise, isEnterpriseInstall }: StoredInstallation,
  team: string,
): Workspace => ({
  team,
  enterprise: isEnterpriseInstall ? enterprise?.id : undefined,
  token: bot.token,
  botUser: bot.userId,
  botId: bot.id || undefined,
});
