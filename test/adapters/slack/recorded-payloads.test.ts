import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseEvent } from "../../../adapters/slack/intake/parse-event.ts";
import { EventEnvelope } from "../../../adapters/slack/wire/event.ts";

const FOLDER = join(import.meta.dirname, "../../../../shared/data/payloads");
const files = existsSync(FOLDER)
  ? readdirSync(FOLDER).filter((file) => file.includes("slack"))
  : [];

interface Recorded {
  readonly botUserId: string;
  readonly payload: unknown;
}

const recorded: readonly (readonly [string, Recorded])[] = files.flatMap((file) => {
  const content: Record<string, unknown> = JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
  return Object.entries(content).flatMap(([name, payload]) =>
    EventEnvelope.safeParse(payload).success
      ? [[`${file}: ${name}`, { botUserId: String(content["botUserId"]), payload }] as const]
      : [],
  );
});

const kindOf = ({ botUserId, payload }: Recorded) => {
  const happening = parseEvent(EventEnvelope.parse(payload), {
    botUser: botUserId,
    botId: undefined,
  });
  if (happening === null) return null;
  return "addressed" in happening ? `${happening.kind}:${happening.addressed}` : happening.kind;
};

// The recordings lie beside the project, not in it.
describe.skipIf(recorded.length === 0)("recorded payloads of real workspaces", () => {
  it("are all read for what they are", () => {
    const read = Object.fromEntries(recorded.map(([name, one]) => [name, kindOf(one)]));
    expect(read).toMatchObject({
      "actions-reactions-slack.json: reaction": "reaction",
      "channel-mention-slack.json: mention": "message:mention",
      "channel-slack.json: mention": "message:mention",
      "dm-slack-direct.json: directDM": "message:direct",
      "dm-slack.json: dmMessage": "message:direct",
      "dm-slack.json: dmRequest": "message:thread",
      "member-joined-channel-slack.json: memberJoinedChannel": null,
      "slack.json: followUp": "message:thread",
      "slack.json: mention": "message:mention",
      "streaming-slack.json: aiMentionWithFile": "message:mention",
    });
  });
});
