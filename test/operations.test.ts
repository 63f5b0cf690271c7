import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { DiscordEnv } from "../adapters/discord/env.ts";
import { SlackEnv } from "../adapters/slack/env.ts";
import { parseCli } from "../src/cli/parse-cli.ts";
import { Settings, settingRows } from "../src/settings.ts";
import { openStore } from "../src/store/store.ts";
import { backUpStore } from "../src/store/sqlite/backup.ts";
import { environment, MAIN } from "./e2e/parley-process.ts";
import { createPostgresDatabase } from "./support/postgres.ts";
import { blocks, found, readDocument, scriptsIn, section } from "./support/read-document.ts";
import { serveRoute } from "./support/serve-route.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const server = await createPostgresDatabase();
const page = readDocument("docs/operations.md");
const Manifest = z.object({ scripts: z.record(z.string(), z.string()) });
const { scripts } = Manifest.parse(JSON.parse(readDocument("package.json")));

const plain = [
  ...Object.keys(Settings.shape),
  ...Object.keys(SlackEnv.shape),
  ...Object.keys(DiscordEnv.shape),
];
const isSecret = (name: string) =>
  settingRows().some((row) => row.name === `${name}[_FILE]`) || /_(TOKEN|SECRET|KEY)$/.test(name);
/** Every variable that Parley reads, as it may be set. */
const variables = new Set(
  plain.flatMap((name) => (isSecret(name) ? [name, `${name}_FILE`] : [name])),
);
const OURS = /\b((?:PARLEY|SLACK|DISCORD|OPENAI|ANTHROPIC|GEMINI|DATABASE)_[A-Z_]+)\b/g;

const text = z.string();
const Service = z.looseObject({
  command: z.array(text).optional(),
  environment: z.record(text, text),
  secrets: z.array(text),
  stop_grace_period: text,
  healthcheck: z.looseObject({ test: z.array(text) }),
});
const Compose = z.object({
  services: z.object({ parley: Service, postgres: Service }),
  secrets: z.record(text, z.object({ file: text })),
  volumes: z.record(text, z.null()),
});
const compose = Compose.parse(parse(readDocument("compose.yaml")));

test.each(["docs/operations.md", "docs/parley.service", "compose.yaml", "Dockerfile"])(
  "every variable that %s names is one that Parley reads",
  (path) => {
    const named = found(readDocument(path), OURS);
    expect(named.filter((name) => !variables.has(name))).toEqual([]);
  },
);

test("what compose sets is read, and every secret is declared, given and used", () => {
  const { parley, postgres } = compose.services;
  expect(Object.keys(parley.environment).filter((name) => !variables.has(name))).toEqual([]);
  for (const { environment, secrets } of [parley, postgres]) {
    const used = Object.values(environment).flatMap((value) =>
      found(value, /^\/run\/secrets\/(.+)$/g),
    );
    expect(used.toSorted()).toEqual(secrets.toSorted());
  }
  const declared = Object.keys(compose.secrets);
  expect([...new Set([...parley.secrets, ...postgres.secrets])].toSorted()).toEqual(
    declared.toSorted(),
  );
  const made = found(section(page, "Docker Compose"), /> secrets\/(\w+)/g);
  expect(made.toSorted()).toEqual(declared.toSorted());
  expect(readDocument(".gitignore")).toContain("secrets\n");
});

test("compose and systemd start what there is, and give it time to leave", () => {
  const unit = readDocument("docs/parley.service");
  const [command = ""] = found(unit, /^ExecStart=\/usr\/bin\/(.+)$/gm);
  for (const line of [command, compose.services.parley.command?.join(" ") ?? ""]) {
    expect(line).toBe(`${scripts["start"]} start`);
    parseCli(line.split(" ").slice(2));
  }
  const [seconds = ""] = found(unit, /^TimeoutStopSec=(\d+)$/gm);
  expect(compose.services.parley.stop_grace_period).toBe(`${seconds}s`);
  // 10 s for turns, 2 s to let go of models, 5 s for events being taken, 2 s for loading signs.
  expect(Number(seconds)).toBeGreaterThan(20);
});

test("the image's health check passes only when health is served", async () => {
  const [line = ""] = found(readDocument("Dockerfile"), /^HEALTHCHECK[^]*?CMD (\[.*\])$/gm);
  const [, ...args] = z.array(text).parse(JSON.parse(line));
  const run = (port: string) => {
    try {
      execFileSync(process.execPath, args, { env: { PORT: port }, stdio: "ignore" });
      return 0;
    } catch {
      return 1;
    }
  };
  expect(run("9")).toBe(1);
  expect(args.join(" ")).toContain("/healthz");
});

test("compose asks whether a Parley is ready, on the port that it serves", async () => {
  const parley = compose.services.parley;
  const [, , ...args] = parley.healthcheck.test;
  const said = await serveRoute((request, response) => {
    response.statusCode = request.url === "/readyz" ? 200 : 404;
    response.end();
    return true;
  });
  expect(parley.environment["PORT"]).toBeUndefined();
  const here = args.map((arg) => arg.replace("http://127.0.0.1:3000", said));
  expect(here).not.toEqual(args);
  await promisify(execFile)(process.execPath, here);
  const nowhere = args.map((arg) => arg.replace("3000", "9"));
  await expect(promisify(execFile)(process.execPath, nowhere)).rejects.toThrow("failed");
});

test("every command line of Parley in the page is understood, and every script and file is there", () => {
  const lines = found(page, /npm start --silent -- ([^|>#`\n]+)/g);
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) parseCli(line.trim().split(/\s+/));
  expect(scriptsIn(page).filter((name) => !(name in scripts))).toEqual([]);
  const links = found(page, /\]\(([\w./-]+)\)/g);
  expect(links.filter((path) => !existsSync(join("docs", path)))).toEqual([]);
});

test("the shell lines that restore a backup do so", async () => {
  const dir = await temporaryFolder();
  const data = join(dir, "data");
  const open = () => openStore({ dir: data, pid: process.pid, now: Date.now });
  const before = await open();
  await before.claims.take("before the backup");
  const [lines = ""] = blocks(section(page, "Backup and restore"), "sh").filter((one) =>
    one.includes("data/old"),
  );
  const [file = ""] = found(lines, /cp (\S+) /g);
  await backUpStore(data, join(dir, file));
  await before.claims.take("after it");
  // Killed: what is in the log beside the file belongs to it.
  await mkdir(join(dir, "killed"));
  for (const name of (await readdir(data)).filter((one) => one.startsWith("parley.db")))
    await copyFile(join(data, name), join(dir, "killed", name));
  await before.close();
  for (const name of await readdir(join(dir, "killed")))
    await copyFile(join(dir, "killed", name), join(data, name));
  await writeFile(join(dir, "restore.sh"), lines);
  execFileSync("sh", ["-e", join(dir, "restore.sh")], { cwd: dir });
  const restored = await open();
  expect(await restored.claims.take("before the backup")).toBe(false);
  expect(await restored.claims.take("after it")).toBe(true);
  await restored.close();
});

test.skipIf(!server)("the shell lines that move to PostgreSQL do so", async () => {
  const dir = await temporaryFolder();
  const room = server ?? expect.unreachable();
  const { url } = room;
  await (await room.open()).close();
  const source = await openStore({ dir: join(dir, "data"), pid: process.pid, now: Date.now });
  await source.claims.take("before the move");
  await source.close();
  const [lines = ""] = blocks(section(page, "From SQLite to PostgreSQL"), "sh");
  const here = found(lines, /^export DATABASE_URL=(\S+)$/gm).reduce(
    (text, there) => text.replace(there, url),
    lines,
  );
  // As npm would start it, but on a data folder elsewhere.
  const npm = `npm() { shift 3; "${process.execPath}" "${MAIN}" "$@"; }\n`;
  await writeFile(join(dir, "move.sh"), npm + here);
  const said = execFileSync("sh", ["-e", join(dir, "move.sh")], { cwd: dir, env: environment() });
  expect(String(said)).toMatch(/read back and verified\.\nMoved data\/parley\.db to PostgreSQL/);
  const target = await openStore({ dir: "", pid: process.pid, now: Date.now, url });
  expect(await target.claims.take("before the move")).toBe(false);
  await target.close();
});

test("the page knows how many turns a process runs at once", () => {
  expect(page).toContain(`\`PARLEY_TURNS\` turns at once (${Settings.parse({}).PARLEY_TURNS})`);
});
