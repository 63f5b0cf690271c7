/** The name under which agents list the tools: `mcp__parley__vote` with Claude Code. */
export const MOVE_SERVER = "parley";

/** A call of one of the move's tools. */
export interface MoveCall {
  readonly name: string;
  /** The model's arguments as JSON text. They were not checked against the schema. */
  readonly arguments: string;
}
