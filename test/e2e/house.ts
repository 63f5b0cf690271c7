import { join } from "node:path";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Panel, startPanel } from "./panel.ts";
import { type ParleyOptions, type ParleyProcess, startParley } from "./parley-process.ts";
import { KEYS, type TeamFile, writeTeam } from "./team-files.ts";

/** A machine of one test: the panel's models, a folder of team files, a data folder, and whatever Parleys are started on them. */
export interface House {
  readonly panel: Panel;
  readonly data: string;
  readonly configs: string;
  readonly env: Readonly<Record<string, string>>;
  team(team: TeamFile): Promise<string>;
  start(options?: ParleyOptions): ParleyProcess;
}

export async function openHouse(...teams: readonly TeamFile[]): Promise<House> {
  const panel = await startPanel();
  const folder = await temporaryFolder();
  const [data, configs] = [join(folder, "data"), join(folder, "configs")];
  const team = (file: TeamFile) => writeTeam(configs, panel.url, file);
  for (const file of teams.length > 0 ? teams : [{}]) await team(file);
  const env = {
    PARLEY_DATA: data,
    PARLEY_CONFIGS: configs,
    PARLEY_TEAM: teams[0]?.name ?? "council",
    ...KEYS,
    // The environment's keys go to these hosts only.
    OPENAI_BASE_URL: panel.url,
    ANTHROPIC_BASE_URL: panel.url,
    GOOGLE_GEMINI_BASE_URL: panel.url,
  };
  return {
    panel,
    data,
    configs,
    env,
    team,
    start: (options) => startParley({ ...options, env: { ...env, ...options?.env } }),
  };
}
