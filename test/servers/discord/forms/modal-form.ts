import { z } from "zod";
import { COMPONENT, PICKERS } from "./component-form.ts";
import { text } from "./parse-form.ts";

const input = {
  type: z.literal(COMPONENT.textInput),
  custom_id: text(100, 1),
  style: z.int().min(1).max(2),
  min_length: z.int().min(0).max(4_000).nullish(),
  max_length: z.int().min(1).max(4_000).nullish(),
  required: z.boolean().nullish(),
  value: text(4_000).nullish(),
  placeholder: text(100).nullish(),
};

const Row = z.looseObject({
  type: z.literal(COMPONENT.row),
  components: z.array(z.looseObject({ ...input, label: text(45, 1) })).length(1),
});

const Upload = z.looseObject({
  type: z.literal(COMPONENT.fileUpload),
  custom_id: text(100, 1),
  min_values: z.int().min(0).max(10).nullish(),
  max_values: z.int().min(1).max(10).nullish(),
});

const Group = z.looseObject({ type: z.int().min(21).max(23), custom_id: text(100, 1) });

const Label = z.looseObject({
  type: z.literal(COMPONENT.label),
  label: text(45, 1),
  description: text(100).nullish(),
  component: z.union([
    z.discriminatedUnion("type", [z.looseObject(input), ...PICKERS, Upload]),
    Group,
  ]),
});

const Note = z.looseObject({ type: z.literal(COMPONENT.textDisplay), content: text(4_000, 1) });

/** A form that pops up. */
export const Modal = z.looseObject({
  custom_id: text(100, 1),
  title: text(45, 1),
  components: z
    .array(z.discriminatedUnion("type", [Row, Label, Note]))
    .min(1)
    .max(5),
});

/** What an autocomplete may offer. */
export const Choices = z.looseObject({
  choices: z
    .array(z.looseObject({ name: text(100, 1), value: z.union([text(100), z.number()]) }))
    .max(25),
});
