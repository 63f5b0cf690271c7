import { z } from "zod";

/** A JSON object on its way in or out. */
export type Json = Readonly<Record<string, unknown>>;

export const JsonObject = z.record(z.string(), z.unknown());

/** The text, or an empty one. */
export const asText = (value: unknown): string => (typeof value === "string" ? value : "");

/** The objects of a list, or none. */
export const asList = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.map(asJson) : [];

/** The object, or an empty one. Not by zod: what checks calls against Discord's description looks at thousands of them. */
export const asJson = (value: unknown): Json => (isJson(value) ? value : {});

const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
