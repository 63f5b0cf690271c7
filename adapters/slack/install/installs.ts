import { z } from "zod";
import type { InstallRecords } from "../../../src/adapter-storage.ts";
import { reseal } from "../../../src/sealing/reseal.ts";
import { createSeal, type Seal } from "../../../src/sealing/seal.ts";
import type { OAuthSettings } from "../env.ts";
import type { Workspace } from "../workspaces.ts";

const identified = z.object({ id: z.string().min(1), name: z.string().optional() });

/** The fields of Bolt's installation that Parley reads; the others are stored too. */
export const Installation = z.looseObject({
  team: identified.optional(),
  enterprise: identified.optional(),
  bot: z.looseObject({
    token: z.string().min(1),
    id: z.string(),
    userId: z.string().min(1),
    /** With token rotation. */
    refreshToken: z.string().min(1).optional().catch(undefined),
    /** Seconds since the epoch. */
    expiresAt: z.number().optional().catch(undefined),
    /** When Parley refreshed the token last, seconds since the epoch. */
    refreshedAt: z.number().optional().catch(undefined),
  }),
  isEnterpriseInstall: z.boolean().optional(),
  /** Host of the workspace's own address, "acme.slack.com". */
  host: z.string().optional().catch(undefined),
});
export type Installation = z.infer<typeof Installation>;

/** Whose installation it is: a workspace's, or (without one) a whole organisation's. */
export interface Installed {
  readonly team?: string | undefined;
  readonly enterprise?: string | undefined;
}

/** An installation as it is stored now. */
export interface StoredInstallation {
  readonly key: string;
  readonly sealed: string;
  readonly installation: Installation;
}

/** A stored installation cannot be opened; the message says what to do. */
export class SealedInstallError extends Error {
  override readonly name = "SealedInstallError";
}

export const keyOf = ({ team, enterprise }: Installed): string =>
  team === undefined ? `enterprise:${enterprise ?? ""}` : `team:${team}`;

/** The prefix of rows that say which organisation's installation serves a workspace. */
const MEMBER = "member:";
const Member = z.object({ enterprise: z.string().min(1) });

/** What to do about installations that cannot be opened. */
export const MEND_SEALED =
  "SLACK_INSTALL_SECRET (or SLACK_STATE_SECRET, where that one is not set) is not what they were stored with. Set the former secret as SLACK_INSTALL_SECRET_OLD, or have these workspaces install the app again at /slack/install";

/** Encrypts all stored installations. */
export const createInstallSeal = ({
  installSecret,
  oldInstallSecrets,
}: Pick<OAuthSettings, "installSecret" | "oldInstallSecrets">): Seal =>
  createSeal({ secret: installSecret, oldSecrets: oldInstallSecrets, purpose: "slack installs" });

/** Opens JSON of a known shape, sealed under its own key. */
const createOpener =
  (seal: Seal) =>
  <T>(shape: z.ZodType<T>, key: string, sealed: string): T => {
    try {
      return shape.parse(JSON.parse(seal.open(sealed, key)));
    } catch (cause) {
      const text = `The stored Slack installation ${key} cannot be opened: ${MEND_SEALED}.`;
      throw new SealedInstallError(text, { cause });
    }
  };

/** The installations of the app, encrypted at rest. */
export function createInstalls(records: InstallRecords, seal: Seal) {
  const open = createOpener(seal);
  const close = (key: string, value: unknown) => seal.close(JSON.stringify(value), key);

  const read = async (key: string): Promise<StoredInstallation | undefined> => {
    const sealed = await records.get(key);
    if (sealed === null) return undefined;
    return { key, sealed, installation: open(Installation, key, sealed) };
  };

  return {
    /** The installation under a key. Throws a `SealedInstallError`. */
    read,

    ...createMembers(records, seal),
    ...createSurvey(records, seal),

    /** Throws when it has no bot token: Parley cannot answer without one. */
    async put(given: unknown): Promise<void> {
      const { team, enterprise, isEnterpriseInstall } = Installation.parse(given);
      const key = keyOf(isEnterpriseInstall ? { enterprise: enterprise?.id } : { team: team?.id });
      await records.put(key, close(key, given));
    },

    /** Stores `next` if the installation is still as it was read; undefined: it is not. */
    async replace(
      { key, sealed }: StoredInstallation,
      next: Installation,
    ): Promise<StoredInstallation | undefined> {
      const now = close(key, next);
      const isDone = await records.replace(key, sealed, now);
      return isDone ? { key, sealed: now, installation: next } : undefined;
    },

    /** `only`: if just this is stored. Resolves whether something was removed. */
    remove: (key: string, only?: string): Promise<boolean> => records.remove(key, only),

    sealedAt: async (key: string) => ({
      sealed: await records.get(key),
      madeAt: await records.madeAt(key),
    }),
  };
}

/** Operations on all stored installations. */
function createSurvey(records: InstallRecords, seal: Seal) {
  const open = createOpener(seal);
  return {
    /** All installations, and the keys of those that cannot be opened. */
    async list() {
      const installations: Installation[] = [];
      const unreadable: string[] = [];
      for (const { key, sealed } of await records.list()) {
        if (key.startsWith(MEMBER)) continue;
        try {
          installations.push(open(Installation, key, sealed));
        } catch {
          unreadable.push(key);
        }
      }
      return { installations, unreadable };
    },

    /** Seals everything with the current secret. */
    reseal: () => reseal(records, seal),
    onChange: (hear: (key: string | null) => void) => records.onChange(hear),
  };
}

/** Remembers which workspaces use an organisation's installation, since a thread names its workspace alone. */
function createMembers(records: InstallRecords, seal: Seal) {
  const open = createOpener(seal);
  return {
    /** The organisation under which a workspace was seen. */
    async organisationOf(team: string): Promise<string | undefined> {
      const key = `${MEMBER}${team}`;
      const sealed = await records.get(key);
      if (sealed === null) return undefined;
      try {
        return open(Member, key, sealed).enterprise;
      } catch {
        // The next event of the workspace stores it again.
        return undefined;
      }
    },
    async noteMember(team: string, enterprise: string): Promise<void> {
      const key = `${MEMBER}${team}`;
      await records.put(key, seal.close(JSON.stringify({ enterprise }), key));
    },
    /** The workspaces that were seen under organisations' installations. */
    members: async (): Promise<readonly string[]> =>
      (await records.list())
        .filter(({ key }) => key.startsWith(MEMBER))
        .map(({ key }) => key.slice(MEMBER.length)),
  };
}

/** The team of a stored key; undefined: it may concern any team. */
export function teamOfKey(key: string): string | undefined {
  const [, team] = /^(?:team|member):(.+)$/.exec(key) ?? [];
  return team;
}

export type Installs = ReturnType<typeof createInstalls>;

/** The workspace's own installation, else its organisation's. Throws a `SealedInstallError`. */
export async function findInstallation(
  installs: Installs,
  { team = "", enterprise }: Installed,
): Promise<StoredInstallation | undefined> {
  if (team === "") return installs.read(keyOf({ enterprise }));
  const own = await installs.read(keyOf({ team }));
  if (own) return own;
  const known = await installs.organisationOf(team);
  const of = enterprise ?? known;
  if (of === undefined) return undefined;
  const found = await installs.read(keyOf({ enterprise: of }));
  if (found && of !== known) await installs.noteMember(team, of);
  return found;
}

/** One of the workspaces that an installation serves. */
export const workspaceOf = (
  { bot, enterprise, isEnterpriseInstall }: Installation,
  team: string,
): Workspace => ({
  team,
  enterprise: isEnterpriseInstall ? enterprise?.id : undefined,
  organisation: enterprise?.id,
  token: bot.token,
  botUser: bot.userId,
  botId: bot.id || undefined,
});
