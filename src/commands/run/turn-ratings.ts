import type { TurnId } from "../../ids.ts";
import type { Level } from "../../platform.ts";
import { ratingLines } from "../../progress/rating-words.ts";
import { isAtLeast } from "../command-levels.ts";
import type { TurnsPort } from "../ports.ts";
import { plain } from "./compose-reply.ts";

/** What people think of an answer, as Markdown for admins; "" for others, and if nobody has rated it. */
export async function ratingsFor(
  turns: Pick<TurnsPort, "ratings">,
  level: Level,
  turn: TurnId,
): Promise<string> {
  if (!isAtLeast(level, "admin")) return "";
  return ratingLines(await turns.ratings(turn))
    .map(plain)
    .join("\n");
}
