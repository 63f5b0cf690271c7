import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { withIds } from "../blocks/stored.ts";
import { problemsOfBlocks } from "../blocks/validate.ts";
import type { Message } from "../state/message.ts";
import type { Spot, Talk } from "../state/talk.ts";
import type { World } from "../state/world.ts";
import { fields } from "../web-api/arguments.ts";
import { readBytes } from "../web-api/read-body.ts";

const MOST_USES = 5;
const LIFE_MS = 30 * 60_000;

interface Issued {
  readonly spot: Spot;
  readonly user: string;
  /** What was clicked. */
  readonly message: Message | undefined;
  readonly at: number;
  uses: number;
}

const Said = z.object({
  text: z.string().optional(),
  blocks: z.array(fields).optional(),
  response_type: z.enum(["ephemeral", "in_channel"]).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
});

/** Where an app may answer a click or a command: five times in half an hour. */
export interface ResponseUrls {
  issue(spot: Spot, user: string, message?: Message): string;
  answer(request: IncomingMessage, response: ServerResponse, id: string): Promise<void>;
}

export function createResponseUrls(world: World, talk: Talk): ResponseUrls {
  const issued = new Map<string, Issued>();
  return {
    issue(spot, user, message) {
      const id = world.nextId("response");
      issued.set(id, { spot, user, message, at: world.clock.now(), uses: 0 });
      return `${world.origin()}/response/${id}`;
    },
    async answer(request, response, id) {
      const entry = issued.get(id);
      const isOver = !entry || ++entry.uses > MOST_USES || world.clock.now() - entry.at > LIFE_MS;
      if (isOver) {
        world.reject(
          `response_url: ${entry && entry.uses > MOST_USES ? "a sixth use" : "expired"}`,
        );
        return void response.writeHead(404).end("used_url");
      }
      const { data, error } = Said.safeParse(JSON.parse(String(await readBytes(request))));
      const problems = data ? problemsOfBlocks(data.blocks ?? []) : [String(error)];
      if (!data || problems.length > 0) {
        world.reject(`response_url: invalid_blocks ${problems.join("; ")}`);
        return void response.writeHead(400).end("invalid_blocks");
      }
      say(world, talk, entry, data);
      response.writeHead(200, { "content-type": "text/plain" }).end("ok");
    },
  };
}

function say(
  world: World,
  talk: Talk,
  { spot, user, message }: Issued,
  data: z.infer<typeof Said>,
) {
  const { install, id: team } = spot.workspace;
  const { text = "", blocks } = data;
  const content = { text, blocks: blocks && withIds(blocks, world.nextId) };
  if (message && data.delete_original) return forget(talk, spot, message);
  if (message && data.replace_original) return replace(talk, spot, message, content);
  talk.post(spot, {
    ...content,
    user: install?.botUser,
    botId: install?.botId,
    appId: world.app.id,
    team,
    threadTs: data.thread_ts,
    ...(data.response_type !== "in_channel" && { isEphemeralFor: user }),
  });
}

function replace(talk: Talk, spot: Spot, message: Message, content: Partial<Message>): void {
  if (message.isEphemeralFor !== undefined) Object.assign(message, content);
  else talk.edit(spot, message, content, spot.workspace.install?.botUser ?? "");
}

function forget(talk: Talk, spot: Spot, message: Message): void {
  const at = spot.channel.ephemerals.indexOf(message);
  if (at >= 0) spot.channel.ephemerals.splice(at, 1);
  else talk.remove(spot, message);
}
