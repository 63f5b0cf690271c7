import type { CommandReply, ReplyBlock } from "../reply.ts";
import { type Spell, spelled, spelledUsage } from "../text/spelling.ts";

/** The reply, with the commands that it names as they are written where it is read. */
export const spellReply = (reply: CommandReply, spell: Spell): CommandReply => ({
  ...reply,
  title: spelled(reply.title, spell),
  blocks: reply.blocks.map((block) => spellBlock(block, spell)),
});

function spellBlock(block: ReplyBlock, spell: Spell): ReplyBlock {
  switch (block.type) {
    case "text":
      return block.answer ? block : { ...block, markdown: spelled(block.markdown, spell) };
    case "table": {
      const inCell = (text: string) => spelledUsage(text, spell);
      return { ...block, rows: block.rows.map((row) => row.map(inCell)) };
    }
    case "code":
      return block;
  }
}
