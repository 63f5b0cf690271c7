import { COMPONENT, partsOf } from "../forms/component-form.ts";
import { asList, asText, type Json } from "../wire/json.ts";

export interface SeenField {
  readonly customId: string;
  readonly label: string;
  readonly value: string;
  readonly isRequired: boolean;
}

/** A form as people see it. */
export interface SeenModal {
  readonly title: string;
  readonly customId: string;
  readonly fields: readonly SeenField[];
}

/** The label around an input, or its own. */
const fieldsOf = (row: Json): readonly SeenField[] =>
  partsOf([row])
    .filter((part) => typeof part["custom_id"] === "string")
    .map((part) => ({
      customId: asText(part["custom_id"]),
      label: labelOf(part, row),
      value: asText(part["value"]),
      isRequired: part["required"] !== false,
    }));

export const seenModal = (modal: Json): SeenModal => ({
  title: asText(modal["title"]),
  customId: asText(modal["custom_id"]),
  fields: asList(modal["components"]).flatMap(fieldsOf),
});

/** What is filled in, by custom id or by label: texts, or the values of what is picked. */
export type Filled = Readonly<Record<string, string | readonly string[]>>;

/** The data of a form that is sent; throws what it would say in red. */
export function submitData(modal: Json, filled: Filled): Json {
  const { fields, customId } = seenModal(modal);
  const known = new Set(fields.flatMap((field) => [field.customId, field.label]));
  const stray = Object.keys(filled).find((key) => !known.has(key));
  if (stray !== undefined) {
    throw new Error(`The form has no field "${stray}", only: ${[...known].join(", ")}.`);
  }
  const components = asList(modal["components"]);
  return {
    custom_id: customId,
    components: components.map((row, index) => submitRow(row, index * 10 + 1, filled)),
  };
}

function submitRow(row: Json, id: number, filled: Filled): Json {
  const parts = [...asList(row["components"]), ...asList([row["component"]].filter(Boolean))];
  const sent = parts.map((part) => submitPart(part, labelOf(part, row), filled));
  const [first] = sent.map((part) => ({ ...part, id: id + 1 }));
  if (!first) return { type: row["type"], id };
  const isLabel = row["component"] !== undefined;
  return { type: row["type"], id, ...(isLabel ? { component: first } : { components: [first] }) };
}

const labelOf = (part: Json, row: Json): string => asText(row["label"] ?? part["label"]);

function submitPart(part: Json, label: string, filled: Filled): Json {
  const key = asText(part["custom_id"]);
  const values = [filled[key] ?? filled[label] ?? asText(part["value"])].flat().filter(Boolean);
  if (values.length === 0 && part["required"] !== false) {
    throw new Error(`"${label || key}" is required.`);
  }
  const sent = { type: part["type"], custom_id: key };
  if (part["type"] !== COMPONENT.textInput) return { ...sent, values };
  const value = values.join();
  requireLength(part, value, label || key);
  return { ...sent, value };
}

function requireLength(part: Json, value: string, label: string): void {
  const [least, most] = [Number(part["min_length"] ?? 0), Number(part["max_length"] ?? 4_000)];
  if (value !== "" && (value.length < least || value.length > most)) {
    throw new Error(`"${label}" takes ${least} to ${most} characters, not ${value.length}.`);
  }
}
