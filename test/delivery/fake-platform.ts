import { PlatformError } from "../../src/platform.ts";
import type { DeliveryMark, Outgoing, Platform, PostedMessage } from "../../src/platform.ts";
import type { ConversationId } from "../../src/ids.ts";

type Call = "post" | "edit" | "find";
/** What becomes of one call: it fails, or the message arrives and the reply is lost. */
type Fault = PlatformError | "lost_reply" | "hangs";

/** A platform that shows what was posted, and fails when it is told to. */
export function createFakePlatform({
  maxTextLength = 2000,
  footerRoom = 0,
  maxParts = 4,
  minEditIntervalMs = 1000,
} = {}) {
  const faults: Record<Call, (Fault | null)[]> = { post: [], edit: [], find: [] };
  const messages: { id: string; mark: DeliveryMark; content: Outgoing; edits: number }[] = [];
  const calls: string[] = [];

  const through = async <T>(call: Call, effect: () => T): Promise<T> => {
    const fault = faults[call].shift() ?? null;
    if (fault === "hangs") return new Promise(() => {});
    if (fault instanceof PlatformError) throw fault;
    const result = effect();
    if (fault === "lost_reply") throw new PlatformError("unknown", "The connection was cut.");
    return result;
  };

  const platform: Pick<Platform, "capabilities" | "post" | "edit" | "find"> = {
    capabilities: { maxTextLength, footerRoom, maxParts, minEditIntervalMs },
    post(conversation, content, mark) {
      calls.push(`post ${mark.kind} ${mark.chunk}`);
      return through("post", () => {
        const id = `m${messages.length + 1}`;
        messages.push({ id, mark, content, edits: 0 });
        return { conversation, id };
      });
    },
    edit({ id }, content) {
      calls.push(`edit ${content.kind}`);
      return through("edit", () => {
        const message = messages.find((one) => one.id === id);
        if (!message) throw new PlatformError("gone", "No such message.");
        message.content = content;
        message.edits++;
      });
    },
    find(conversation: ConversationId, mark): Promise<PostedMessage | undefined> {
      calls.push(`find ${mark.kind} ${mark.chunk}`);
      return through("find", () => {
        const found = messages.find(
          ({ mark: { turn, kind, chunk } }) =>
            turn === mark.turn && kind === mark.kind && chunk === mark.chunk,
        );
        return found && { conversation, id: found.id };
      });
    },
  };

  return {
    platform,
    calls,
    /** The next calls of a kind end like this; null: well. */
    fail: (call: Call, ...next: (Fault | null)[]) => void faults[call].push(...next),
    /** Somebody deletes a message. */
    remove: (id: string) =>
      void messages.splice(
        messages.findIndex((one) => one.id === id),
        1,
      ),
    messages,
    /** What stands in the thread, as its Markdown or, for a status, its note. */
    texts: () =>
      messages.map(({ content }) => (content.kind === "status" ? content.view.note : content.text)),
  };
}

export const limited = (retryAfterMs: number) =>
  new PlatformError("rate_limited", "Slow down.", { retryAfterMs });
export const gone = new PlatformError("gone", "Unknown message.");
export const refused = new PlatformError("rejected", "invalid_blocks");
