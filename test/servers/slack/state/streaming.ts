import type { Message } from "./message.ts";

/** The messages that are being streamed. */
export const STREAMING = new WeakSet<Message>();
