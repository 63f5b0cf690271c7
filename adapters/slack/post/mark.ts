import { z } from "zod";
import { TurnId } from "../../../src/ids.ts";
import type { DeliveryMark } from "../../../src/platform.ts";

/** What Parley's messages carry as Slack metadata. Every app and user of the workspace can read it: ids only. */
const Metadata = z.object({
  event_type: z.literal("parley"),
  event_payload: z.object({
    turn: TurnId,
    kind: z.enum(["status", "final", "note"]),
    chunk: z.coerce.number().int().nonnegative(),
  }),
});

export const metadataOf = ({ turn, kind, chunk }: DeliveryMark): z.infer<typeof Metadata> => ({
  event_type: "parley",
  event_payload: { turn, kind, chunk },
});

/** The mark of one of Parley's own messages; on others it proves nothing. */
export const markOf = (metadata: unknown): DeliveryMark | undefined =>
  Metadata.safeParse(metadata).data?.event_payload;
