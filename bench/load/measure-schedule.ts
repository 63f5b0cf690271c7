import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConversationId } from "../../src/ids.ts";
import { openSqlite } from "../../src/store/sqlite/open-sqlite.ts";
import { openBenchParley } from "../store/bench-parley.ts";
import { arrivalOf, Scenario } from "./scenario.ts";

/** Behind the proxy that this process was started with. */
const PROVIDER = "http://models.example/v1";

const teamOf = ({ agents, factor }: Scenario): string => `
name: Load
settle: 0
agents:
${Array.from(
  { length: agents },
  (_, at) =>
    `  - { id: a${at}, backend: { type: compatible, model: mock, base_url: "${PROVIDER}", api_key: key, price: { input: 0, output: 0 }, context_window: 200000 } }`,
).join("\n")}
limits:
  move_timeout: ${150 / factor}
  turn_timeout: ${300 / factor}
  queue_timeout: ${600 / factor}
  gather: ${15 / factor}
`;

/** Asks the questions as they arrive. Reports the duration of each turn in ms, in their order, and how many lost an agent or their answer. */
async function measure(scenario: Scenario): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "parley-load-"));
  const ended = new Map<string, number>();
  const failed = new Set<string>();
  const news = { wake: () => {} };
  const parley = await openBenchParley({
    db: openSqlite(join(folder, "parley.db")),
    folder,
    team: teamOf(scenario),
    listener: {
      turnEvent(conversation, event, state) {
        if (event.type !== "turn_ended") return;
        ended.set(parseConversationId(conversation).thread, performance.now());
        const isWhole =
          event.outcome === "answered" && state.agents.every((agent) => agent.failed === null);
        if (!isWhole) failed.add(conversation);
      },
      turnDone: () => news.wake(),
      problem: () => {},
    },
  });
  try {
    const endedAre = async (count: number) => {
      while (ended.size < count) await new Promise<void>((wake) => (news.wake = wake));
    };
    // The first question loads the SDK.
    await setScenario({ ...scenario, callMs: 10, rate: null });
    void parley.ask("warm-up", "Ready?");
    await endedAre(1);
    ended.clear();
    failed.clear();
    await setScenario(scenario);
    const [askedAt, cpu] = [performance.now(), process.cpuUsage()];
    const asked = new Map<string, number>();
    for (let n = 0; n < scenario.threads; n++) {
      await until(askedAt + arrivalOf(scenario, n));
      asked.set(String(n), performance.now());
      void parley.ask(String(n), `${n}: should we keep the plan?`);
    }
    await endedAre(scenario.threads);
    const { user, system } = process.cpuUsage(cpu);
    const took = [...ended].map(([thread, at]) => at - (asked.get(thread) ?? Number.NaN));
    process.send?.({ took, failed: failed.size, cpuMs: (user + system) / 1000 });
  } finally {
    await parley.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function until(time: number): Promise<void> {
  const ms = time - performance.now();
  if (ms > 0) await new Promise((wake) => setTimeout(wake, ms));
}

/** Tells the server what to do from now on. */
async function setScenario(scenario: Scenario): Promise<void> {
  const url = new URL("/scenario", PROVIDER);
  await fetch(url, { method: "POST", body: JSON.stringify(scenario) });
}

const [options = "{}"] = process.argv.slice(2);
await measure(Scenario.parse(JSON.parse(options)));
process.exit(0);
