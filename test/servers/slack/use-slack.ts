import { onTestFinished } from "vitest";
import type { SlackOptions } from "./options.ts";
import { createSlack, type Slack } from "./slack.ts";

/** A Slack for the length of one test. */
export async function useSlack(options?: SlackOptions): Promise<Slack> {
  const slack = await createSlack(options);
  onTestFinished(() => slack.stop());
  return slack;
}
