import { z } from "zod";
import { Policy } from "../src/coordination/policy.ts";
import {
  Ballot,
  ClosedBy,
  DecidedBy,
  FailureClass,
  LimitName,
  MoveKind,
  SteeringMessage,
  TurnEvent,
} from "../src/coordination/turn-event.ts";
import { Estimate, Usage } from "../src/coordination/usage.ts";
import { GENERATED, table } from "./markdown.ts";

/** Types that have a section of their own. */
const TYPES = {
  Usage,
  Estimate,
  Ballot,
  SteeringMessage,
  MoveKind,
  FailureClass,
  ClosedBy,
  DecidedBy,
  LimitName,
};

const nameOf = (schema: unknown): string | undefined =>
  Object.entries(TYPES).find(([, type]) => type === schema || isCopy(type, schema))?.[0];

/** `describe` copies a schema; the copy has the same definition. */
const isCopy = (type: z.ZodType, schema: unknown): boolean =>
  schema instanceof z.ZodObject && type instanceof z.ZodObject && schema.shape === type.shape;

/** A field's type in words. */
function typeOf(schema: unknown): string {
  const name = nameOf(schema);
  if (name !== undefined) return `[${name}](#${name.toLowerCase()})`;
  if (schema === Policy) return "[policy](team-file.md)";
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodCatch) {
    return typeOf(schema.unwrap());
  }
  if (schema instanceof z.ZodNullable) return `${typeOf(schema.unwrap())} or null`;
  if (schema instanceof z.ZodArray) return `list of ${typeOf(schema.element)}`;
  if (schema instanceof z.ZodRecord) return `numbers by revision`;
  if (schema instanceof z.ZodObject) return `{ ${Object.keys(schema.shape).join(", ")} }`;
  return simpleTypeOf(schema);
}

function simpleTypeOf(schema: unknown): string {
  if (schema instanceof z.ZodEnum) return schema.options.map((word) => `\`${word}\``).join(", ");
  if (schema instanceof z.ZodLiteral) return `\`${String(schema.value)}\``;
  if (schema instanceof z.ZodNumber) return "number";
  if (schema instanceof z.ZodBoolean) return "boolean";
  if (schema instanceof z.ZodString) return "string";
  throw new Error("docs/reference/events.md has no words for a type of a field.");
}

const isOptional = (schema: unknown): boolean =>
  schema instanceof z.ZodOptional ||
  (schema instanceof z.ZodCatch && schema.unwrap() instanceof z.ZodOptional);

type Shape = Readonly<Record<string, z.core.$ZodType>>;

const descriptionOf = (schema: unknown): string =>
  schema instanceof z.ZodType ? (schema.description ?? "") : "";

const fieldRows = (shape: Shape): readonly (readonly string[])[] =>
  Object.entries(shape)
    .filter(([name]) => name !== "type" && name !== "at")
    .map(([name, schema]) => [
      `\`${name}\`${isOptional(schema) ? "?" : ""}`,
      typeOf(schema),
      descriptionOf(schema),
    ]);

const FIELDS = ["Field", "Type", "Meaning"];

function eventSection(schema: (typeof TurnEvent.options)[number]): string {
  const rows = fieldRows(schema.shape);
  const fields = rows.length === 0 ? [] : [table(FIELDS, rows)];
  return [`### ${schema.shape.type.value}`, schema.description ?? "", ...fields].join("\n\n");
}

function typeSection(name: string, schema: z.ZodType): string {
  const body =
    schema instanceof z.ZodObject
      ? table(FIELDS, fieldRows(schema.shape))
      : `${simpleTypeOf(schema)}.`;
  return [`### ${name}`, ...(schema.description ? [schema.description] : []), body].join("\n\n");
}

/** docs/reference/events.md: the events of a turn, and how the journal stores them. */
export const eventsPage = (): string => [INTRODUCTION, sections()].join("\n\n");

const RUNNING_TIME = TurnEvent.options[0].shape.at.description ?? "";

const INTRODUCTION = `# Events

${GENERATED}

Everything that happens in a turn is an event. Parley stores the events of a turn in its journal, and computes the status message, the
recovery after a crash, \`why\` and the logs from them.

- [Reading events](#reading-events)
- [The journal](#the-journal)
- [Order](#order)
- [The events](#the-events)
- [Types](#types)

## Reading events

\`npm start -- --once --json\` prints each event as a line of JSON. A line has the event's fields and two more: \`turn\` (the turn's id) and
\`conversation\` (\`platform:space:channel:thread\`, each part percent-encoded). The last line of a turn has the type \`turn_summary\`.

Every event has these fields:

| Field | Type | Meaning |
| --- | --- | --- |
| \`type\` | string | The event's name, in the past tense. |
| \`at\` | number | ${RUNNING_TIME} |

A field marked \`?\` may be absent.

## The journal

The table \`journal\` has one row per event:

| Column | Meaning |
| --- | --- |
| \`turn\` | The turn's id, a UUIDv7: it sorts by the time at which Parley accepted the question. |
| \`seq\` | The position in the turn. The first event has the lowest. |
| \`type\` | The event's type. |
| \`event\` | The event as JSON. |
| \`at\` | When it was written, milliseconds since the epoch. |

Parley only appends rows, and writes all events that belong together in one statement. A process that lost a turn to another one can no
longer write to it. New versions read the journals of older ones: a new meaning gets a new event type, and readers ignore unknown fields.
\`turn_started\` contains the policy, so a journal can be replayed without the team file.

## Order

\`turn_started\` → [\`turn_routed\`] → moves → \`turn_closed\` → [\`answer_presented\`] → \`turn_ended\`

A move is \`move_started\`, then exactly one of \`answer_given\`, \`revision_offered\`, \`vote_cast\`, \`answer_repeated\`, \`abstained\`,
\`move_failed\`, \`move_timed_out\` and \`move_aborted\`. Moves of different agents overlap.`;

const sections = (): string => `## The events

${TurnEvent.options.map(eventSection).join("\n\n")}

## Types

${Object.entries(TYPES)
  .map(([name, schema]) => typeSection(name, schema))
  .join("\n\n")}
`;
