import { z } from "zod";
import { AgentId } from "../ids.ts";

/** What a call waits for before it is sent. `room`: fewer calls in flight on its account; `rate_limit`: the end of its provider's pause. */
export const QueueCause = z.enum(["room", "rate_limit"]);
export type QueueCause = z.infer<typeof QueueCause>;

const at = z
  .number()
  .describe("Milliseconds of running time since the turn started; downtime does not count.");
const move = z.string().describe("Id of the move, unique in the turn.");
const agent = AgentId;
const cause = QueueCause.describe("What the call waits for.");

const event = <T extends string, F extends z.ZodRawShape>(type: T, about: string, fields: F) =>
  z.object({ type: z.literal(type), at, ...fields }).describe(about);

/** What happens to turns that wait for a process, and to calls that wait for room before they are sent. */
export const QUEUE_EVENTS = [
  event(
    "turn_queued",
    "Every process ran as many turns as it may, so the turn waited. Until `slot_taken` its clock stood still.",
    {},
  ),
  event("slot_taken", "A process had room for the queued turn.", {}),
  event("routing_queued", "The router's call waits for room.", { cause }),
  event("routing_sent", "The router's call was sent after its wait.", {}),
  event(
    "move_queued",
    "The move's call waits for room, or now waits for something else. Until `move_sent` its clock stands still, and the turn's while all its calls wait.",
    {
      move,
      agent,
      cause,
      resumesInMs: z
        .number()
        .nullable()
        .describe("Milliseconds until the provider's pause ends; null: unknown."),
      isFresh: z.boolean().describe("Whether no call of the move has cost anything yet."),
    },
  ),
  event("move_sent", "The call of a queued move was sent.", { move, agent }),
  event(
    "move_timed_out",
    "A limit of its own ended the move: its agent leaves this turn. Older journals have `move_failed` with the failure `timeout`.",
    { move, agent, limit: z.enum(["move_timeout", "queue_timeout"]) },
  ),
] as const;
