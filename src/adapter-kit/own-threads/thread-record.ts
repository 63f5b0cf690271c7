import { z } from "zod";
import { AgentId, TurnId } from "../../ids.ts";

const Author = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(["person", "bot", "self"]),
});

const Mark = z.object({
  turn: TurnId,
  kind: z.enum(["status", "final", "note"]),
  chunk: z.number(),
});

/** A file of a message; its bytes are stored elsewhere under its id. */
export const FileRecord = z.object({
  id: z.string(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number(),
});
export type FileRecord = z.infer<typeof FileRecord>;

/** What a final answer shows beside its text, so that a thread looks the same when it is opened again. */
const FinalRecord = z.object({
  presenter: AgentId,
  split: z
    .object({
      name: z.string(),
      text: z.string(),
      // Older threads have none.
      difference: z.string().default(""),
    })
    .nullable(),
  objection: z.object({ by: z.string(), text: z.string() }).nullable().default(null),
  footer: z.object({
    presenter: z.string(),
    // Older threads have none.
    agreement: z.string().default(""),
    elapsedMs: z.number(),
    costUsd: z.number().nullable(),
    estimated: z.number().optional(),
    tokens: z.number(),
    notes: z.array(z.string()),
  }),
});

const MessageRecord = z.object({
  type: z.literal("message"),
  id: z.string(),
  at: z.number(),
  author: Author,
  text: z.string(),
  files: z.array(FileRecord).default([]),
  mark: Mark.optional(),
  final: FinalRecord.optional(),
});
export type MessageRecord = z.infer<typeof MessageRecord>;

/** One line of a thread. An edit replaces the text of an earlier message. */
const ThreadRecord = z.discriminatedUnion("type", [
  MessageRecord,
  z.object({ type: z.literal("edit"), id: z.string(), at: z.number(), text: z.string() }),
]);
export type ThreadRecord = z.infer<typeof ThreadRecord>;

/** The record of a line; none when the line cannot be read. */
export function parseRecord(line: string): readonly ThreadRecord[] {
  if (line.trim() === "") return [];
  try {
    const { success, data } = ThreadRecord.safeParse(JSON.parse(line));
    return success ? [data] : [];
  } catch {
    return [];
  }
}
