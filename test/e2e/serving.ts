import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import { createSlack } from "../servers/slack/slack.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startParley } from "./parley-process.ts";
import { PATIENCE } from "../support/patience.ts";

/** One agent; at a pace of 2 its every move takes 2–8 s. */
const teamOf = (pace: number): string => `
settle: 0
agents:
  - { id: ada, backend: { type: simulated, model: simulated, style: careful, options: { pace: ${pace} } } }
`;

/** Parley as a process of its own, serving platforms from a fresh folder unless one is given. */
export async function serving(env: Readonly<Record<string, string>>, folder?: string) {
  const dir = folder ?? (await temporaryFolder());
  await mkdir(join(dir, "teams"), { recursive: true });
  await writeFile(join(dir, "teams", "slow.yaml"), teamOf(2));
  await writeFile(join(dir, "teams", "quick.yaml"), teamOf(0));
  const parley = startParley({
    args: ["start"],
    env: {
      PARLEY_DATA: join(dir, "data"),
      PARLEY_CONFIGS: join(dir, "teams"),
      PARLEY_TEAM: "slow",
      LOG_LEVEL: "debug",
      ...env,
    },
  });
  const serves = () => parley.until(() => expect(parley.errors()).toContain('"msg":"serving"'));
  const listening = () =>
    parley.until(() => {
      const [, url = ""] = /"url":"(http:[^"]+)"/.exec(parley.errors()) ?? [];
      expect(url).not.toBe("");
      return url;
    });
  const ask = async (path: string) => {
    const answer = await fetch(`${await listening()}${path}`);
    return { status: answer.status, body: await answer.json() };
  };
  const ready = () =>
    vi.waitFor(async () => expect((await ask("/readyz")).status).toBe(200), PATIENCE);
  return { dir, data: join(dir, "data"), parley, ask, ready, listening, serves };
}

/** A Slack with the channel C5. */
export async function openSlack() {
  const slack = await createSlack();
  onTestFinished(() => slack.stop());
  slack.workspace.addChannel("C5");
  return slack;
}
