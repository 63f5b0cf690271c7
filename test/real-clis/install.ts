import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { findInCache, cacheFolder, placeOf } from "../support/cli-cache.ts";
import { REAL_PROGRAMS, type RealProgram } from "../support/real-programs.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where each real CLI is; those that cannot be installed are missing. */
    readonly realPrograms: Readonly<Partial<Record<RealProgram["key"], string>>>;
  }
}

/** Codex and Claude Code bring 400 MB each. */
const INSTALL_MS = 300_000;

/** Installs the real CLIs into the cache, unless they are there, before the tests run. */
export async function setup(project: TestProject): Promise<void> {
  const places: Partial<Record<RealProgram["key"], string>> = {};
  for (const program of REAL_PROGRAMS) {
    const file = (await findInCache(program)) ?? (await install(program, project));
    if (file !== null) places[program.key] = file;
  }
  project.provide("realPrograms", places);
}

async function install(program: RealProgram, { vitest }: TestProject): Promise<string | null> {
  const { name, spec } = program;
  vitest.logger.log(`Installing ${spec} into ${cacheFolder()}, once.`);
  await mkdir(cacheFolder(), { recursive: true });
  // Only a whole installation takes its place in the cache.
  const folder = await mkdtemp(join(cacheFolder(), "new-"));
  const args = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--fetch-retries=1"];
  try {
    await promisify(execFile)("npm", [...args, spec], { timeout: INSTALL_MS });
    await rename(folder, placeOf(program));
    return await findInCache(program);
  } catch (error) {
    const [reason = ""] = /npm error .{1,200}/.exec(String(error)) ?? [String(error).slice(0, 200)];
    vitest.logger.log(`${name} cannot be installed, so its tests are left out: ${reason}`);
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
