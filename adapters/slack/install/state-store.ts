import { randomBytes } from "node:crypto";
import type { StateStore } from "@slack/bolt";
import { z } from "zod";
import type { KeyValues } from "../../../src/adapter-storage.ts";
import { OutdatedStateError } from "./install-failed-page.ts";

const STATE_BYTES = 24;
/** How long an install link may wait to be followed. */
const LIFE_MS = 10 * 60_000;

const texts = z.union([z.string(), z.array(z.string())]);
const Asked = z.looseObject({
  scopes: texts,
  userScopes: texts.optional(),
  teamId: z.string().optional(),
  redirectUri: z.string().optional(),
  metadata: z.string().optional(),
});

/** The state of an installation under way: random, stored on our side, valid once, in any process. Rejects with an `OutdatedStateError`, or with the store's own error. */
export const createStateStore = (kept: KeyValues): StateStore => ({
  async generateStateParam(asked) {
    const state = randomBytes(STATE_BYTES).toString("base64url");
    await kept.set(state, asked, LIFE_MS);
    return state;
  },
  async verifyStateParam(_, state) {
    const asked = await kept.take(state);
    if (asked === undefined)
      throw new OutdatedStateError(
        "An install link was used before, is too old, or was never given out.",
      );
    const { userScopes, teamId, redirectUri, metadata, scopes } = Asked.parse(asked);
    return {
      scopes,
      ...(userScopes !== undefined && { userScopes }),
      ...(teamId !== undefined && { teamId }),
      ...(redirectUri !== undefined && { redirectUri }),
      ...(metadata !== undefined && { metadata }),
    };
  },
});
