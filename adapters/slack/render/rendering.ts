import type { Rendering } from "../post/rendering.ts";
import { renderFinal } from "./render-final.ts";
import { renderNote, renderReply } from "./render-reply.ts";
import { renderStatus } from "./render-status.ts";

/** How what Parley says looks in Slack. */
export const slackRendering: Rendering = {
  status: renderStatus,
  final: renderFinal,
  note: renderNote,
  reply: renderReply,
};
