import type { OwnKeys } from "../tenants/own-keys.ts";
import type { ParleyListener } from "./parley-listener.ts";

/** After a change of the secret. Never rejects. */
export async function resealKeys(keys: OwnKeys, listener: ParleyListener): Promise<void> {
  try {
    const unreadable = await keys.reseal();
    if (unreadable.length === 0) return;
    const text = `The own API keys of ${unreadable.join(", ")} cannot be read: PARLEY_SEAL_SECRET (or SLACK_INSTALL_SECRET) is not the secret they were encrypted with. Add the former secret as PARLEY_SEAL_SECRET_OLD, or have the keys set again.`;
    listener.problem(new Error(text), {});
  } catch (error) {
    listener.problem(error, {});
  }
}
