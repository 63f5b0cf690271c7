import { z } from "zod";
import { createFile, wireFile, type FileRecord } from "../state/file.ts";
import { ApiError } from "./api-error.ts";
import { count, json, text } from "./arguments.ts";
import { clearAssistantStatus, threadIn } from "./chat.ts";
import { method, writableChannel, type Method } from "./method.ts";

/** Answers do not wait for a file to be shared: it turns up in its channel a moment later. */
const SHARED_AFTER_MS = 5;

export const fileMethods: Readonly<Record<string, Method>> = {
  "files.getUploadURLExternal": method(
    { scopes: ["files:write"], tier: 4 },
    { filename: z.string().min(1), length: count, alt_text: z.string().optional() },
    ({ workspace, install, world }, args) => {
      const owner = { team: workspace.id, user: install.botUser };
      const file = createFile(world.nextId("F"), owner, { name: args.filename, bytes: "" });
      file.isComplete = false;
      workspace.files.set(file.id, file);
      const upload = `${world.origin()}/upload/v1/${workspace.id}/${file.id}?length=${args.length}`;
      return { upload_url: upload, file_id: file.id };
    },
  ),
  "files.completeUploadExternal": method(
    { scopes: ["files:write"], tier: 4 },
    {
      files: json(z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1)),
      channel_id: z.string().optional(),
      thread_ts: text.optional(),
      initial_comment: text.optional(),
    },
    (caller, args) => {
      const { workspace, install, world, talk } = caller;
      const files = args.files.map(({ id, title }) => complete(workspace.files.get(id), title));
      if (args.channel_id !== undefined) {
        const channel = writableChannel(caller, args.channel_id);
        const draft = {
          user: install.botUser,
          botId: install.botId,
          appId: world.app.id,
          team: workspace.id,
          text: args.initial_comment ?? "",
          threadTs: threadIn(caller, channel, args.thread_ts),
          files: files.map(({ id }) => id),
        };
        world.clock.setTimer(SHARED_AFTER_MS, () => {
          talk.post({ workspace, channel }, draft);
          clearAssistantStatus(channel, draft.threadTs);
        });
      }
      return { files: files.map(({ id, title }) => ({ id, title })) };
    },
  ),
  "files.info": method(
    { scopes: ["files:read"], tier: 4 },
    { file: z.string() },
    ({ workspace, world }, args) => {
      const file = workspace.files.get(args.file);
      if (!file) throw new ApiError("file_not_found");
      return { file: wireFile(file, world.origin(), true), comments: [] };
    },
  ),
};

function complete(file: FileRecord | undefined, title: string | undefined): FileRecord {
  if (!file) throw new ApiError("file_not_found");
  if (file.bytes.byteLength === 0) throw new ApiError("file_update_failed");
  file.isComplete = true;
  file.title = title ?? file.title;
  return file;
}
