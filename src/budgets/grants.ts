import { z } from "zod";
import { parseConversationId } from "../ids.ts";
import type { BindingStore, StoredBinding } from "../teams/binding-store.ts";
import { keyOf, type Scope, SCOPES } from "../teams/bindings.ts";
import type { Where } from "./reach.ts";

const Grant = z.object({
  /** How many turns may bypass the limits; null: all. */
  turns: z.number().int().positive().nullable(),
  /** Milliseconds since the epoch. */
  until: z.number(),
});

/** An admin's permission for turns to bypass the limits that people have set. */
export type Grant = z.infer<typeof Grant>;

const grantKey = (conversation: Where["conversation"], scope: Scope): string =>
  `allow:${keyOf(parseConversationId(conversation), scope)}`;

function readGrant(stored: StoredBinding | null | undefined): Grant | null {
  try {
    return Grant.parse(JSON.parse(stored?.value ?? "null"));
  } catch {
    return null;
  }
}

type Bindings = Pick<BindingStore, "get" | "put">;

/** Read-modify-write with retries on concurrent writes. False if `change` had nothing to do. */
async function update(
  bindings: Bindings,
  key: string,
  { by, at }: { readonly by: string; readonly at: number },
  change: (grant: Grant | null) => Grant | null | undefined,
): Promise<boolean> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const [stored] = await bindings.get([key]);
    const changed = change(readGrant(stored));
    if (changed === undefined) return false;
    const value = changed && JSON.stringify(changed);
    if (await bindings.put(key, { value, by, at, expected: stored?.version ?? 0 })) return true;
  }
  throw new Error("the grant was changed by others at the same time; try again");
}

/** Sets the grant of a scope, replacing the previous one; null removes it. */
export const putGrant = async (
  bindings: Bindings,
  conversation: Where["conversation"],
  { scope, grant }: { readonly scope: Scope; readonly grant: Grant | null },
  who: { readonly by: string; readonly at: number },
): Promise<void> => void (await update(bindings, grantKey(conversation, scope), who, () => grant));

/** Uses one turn of the nearest grant that applies to a request. Records each use. False if there is none. */
export async function useGrant(
  bindings: Bindings,
  { conversation, person }: Where,
  at: number,
): Promise<boolean> {
  const grants = await grantsAt(bindings, { conversation, at });
  for (const { scope, grant } of grants) {
    if (grant.turns === null) return true;
    const used = await update(
      bindings,
      grantKey(conversation, scope),
      { by: person, at },
      (now) => {
        if (!now?.turns || now.until <= at) return undefined;
        return now.turns > 1 ? { ...now, turns: now.turns - 1 } : null;
      },
    );
    if (used) return true;
  }
  return false;
}

/** The grants that apply to a request, nearest scope first. */
export async function grantsAt(
  bindings: Pick<BindingStore, "get">,
  { conversation, at }: Pick<Where, "conversation"> & { readonly at: number },
): Promise<readonly { readonly scope: Scope; readonly grant: Grant; readonly by: string }[]> {
  const stored = await bindings.get(SCOPES.map((scope) => grantKey(conversation, scope)));
  return SCOPES.flatMap((scope, index) => {
    const grant = readGrant(stored[index]);
    return grant && grant.until > at ? [{ scope, grant, by: stored[index]?.by ?? "" }] : [];
  });
}
