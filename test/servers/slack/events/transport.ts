import type { Fields } from "../state/fields.ts";

/** What Slack sends to an app. */
export interface Parcel {
  readonly kind: "events_api" | "interactive" | "slash_commands";
  readonly payload: Fields;
}

/** The how-manieth time, and why the last one failed. */
export interface Try {
  /** 0 the first time. */
  readonly retry: number;
  readonly reason: string | undefined;
}

export type Receipt =
  | { readonly isAcked: true; readonly body: unknown }
  | { readonly isAcked: false; readonly reason: string; readonly isFinal: boolean };

export const notAcked = (reason: string, isFinal = false): Receipt => ({
  isAcked: false,
  reason,
  isFinal,
});

/** A way to the app. Never rejects. */
export interface Transport {
  send(parcel: Parcel, attempt: Try): Promise<Receipt>;
  /** Calls back whenever there is a way to the app again. */
  onOpen(fn: () => void): void;
  /** Whether anything sent now can arrive. */
  isOpen(): boolean;
}
