import { z } from "zod";
import { parseForm, text } from "../forms/parse-form.ts";
import { type Call, param, type Route } from "../rest/call.ts";
import { channelJson } from "../wire/channel-json.ts";
import { type Channel, isThread, type Thread } from "../world/channel.ts";
import { INTENT } from "../world/intents.ts";
import { channelOf } from "../world/look-up.ts";
import { may, require } from "../world/permit.ts";
import { refusal } from "../world/refusal.ts";
import { changeThread, deleteThread } from "../world/thread-life.ts";
import type { World } from "../world/world.ts";

const ThreadForm = z.looseObject({
  name: text(100, 1).optional(),
  archived: z.boolean().optional(),
  locked: z.boolean().optional(),
  auto_archive_duration: z
    .union([z.literal(60), z.literal(1_440), z.literal(4_320), z.literal(10_080)])
    .optional(),
  applied_tags: z.array(z.string()).max(5).optional(),
});
type ThreadForm = z.infer<typeof ThreadForm>;

const ChannelForm = z.looseObject({
  name: text(100, 1).optional(),
  topic: text(1_024).nullish(),
});

export function channelEndpoints(world: World): readonly Route[] {
  const bot = world.application.user.id;
  const find = (call: Call): Channel => {
    const channel = channelOf(world, param(call, "channel"));
    require({ world, channel, userId: bot });
    return channel;
  };
  return [
    {
      pattern: "GET /channels/:channel",
      run: (call) => channelJson(world, find(call)),
    },
    {
      pattern: "PATCH /channels/:channel",
      run(call) {
        const channel = find(call);
        if (channel.guildId === null) throw refusal("notInDirectMessages");
        if (isThread(channel)) patchThread(world, channel, parseForm(ThreadForm, call.body));
        else patchChannel(world, channel, parseForm(ChannelForm, call.body));
        return channelJson(world, channel);
      },
    },
    {
      pattern: "DELETE /channels/:channel",
      run(call) {
        const channel = find(call);
        const json = channelJson(world, channel);
        if (isThread(channel)) {
          require({ world, channel, userId: bot }, "MANAGE_THREADS");
          deleteThread(world, channel);
        } else if (channel.guildId !== null) {
          throw refusal("missingPermissions");
        }
        return json;
      },
    },
  ];
}

/** Anybody who may write there wakes a thread; its owner renames and archives it; the rest is for those who manage threads. */
function patchThread(world: World, channel: Thread, form: ThreadForm): void {
  const { thread } = channel;
  const bot = world.application.user.id;
  const doer = { world, channel, userId: bot };
  const isManager = may(doer, "MANAGE_THREADS");
  if (thread.archived && form.archived !== false) throw refusal("archived");
  if ((form.locked !== undefined || thread.locked) && !isManager) {
    throw refusal("missingPermissions");
  }
  const onlyWakes = Object.keys(form).every((key) => key === "archived") && form.archived === false;
  if (onlyWakes) require(doer, "SEND_MESSAGES_IN_THREADS");
  else if (!isManager && thread.ownerId !== bot) throw refusal("missingPermissions");
  changeThread(world, channel, {
    name: form.name,
    archived: form.archived,
    locked: form.locked,
    autoArchive: form.auto_archive_duration,
    appliedTags: form.applied_tags,
  });
}

function patchChannel(world: World, channel: Channel, form: z.infer<typeof ChannelForm>): void {
  require({ world, channel, userId: world.application.user.id }, "MANAGE_CHANNELS");
  channel.name = form.name ?? channel.name;
  channel.topic = form.topic === undefined ? channel.topic : form.topic;
  world.dispatch({
    name: "CHANNEL_UPDATE",
    intent: INTENT.guilds,
    guildId: channel.guildId,
    data: () => channelJson(world, channel),
  });
}
