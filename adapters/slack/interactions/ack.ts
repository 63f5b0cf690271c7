/** Acknowledges an interaction; a form may be given back with errors at its fields. */
export type Ack = (response?: AckResponse) => Promise<void>;

interface AckResponse {
  readonly response_action: "errors";
  readonly errors: Readonly<Record<string, string>>;
}
