import { DiscordAPIError } from "discord.js";

/** The code a call is refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<number | string> {
  return (await errorOf(call)).code;
}

export async function errorOf(call: Promise<unknown>): Promise<DiscordAPIError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof DiscordAPIError) return error;
  throw new Error("the call was not refused by Discord", { cause: error });
}
