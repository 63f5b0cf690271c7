/** A piece of a command's reply; adapters render each kind in their own way. */
export type ReplyBlock =
  | {
      readonly type: "text";
      readonly markdown: string;
      /** It is the text of this agent's answer, which adapters may show only when it is asked for. */
      readonly answer?: { readonly label: string; readonly name: string };
    }
  | {
      readonly type: "table";
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly type: "code"; readonly language: string; readonly text: string };

/** What a command answers: plain data. */
export interface CommandReply {
  readonly title: string;
  readonly blocks: readonly ReplyBlock[];
  /** `asker`: shown to the person who asked only (unknown and forbidden commands, admin output). `nobody`: the command was repeated, and has its reply. */
  readonly visibleTo: "asker" | "everyone" | "nobody";
  readonly ok: boolean;
}
