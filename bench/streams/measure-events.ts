import { createParleyCall } from "./parley-call.ts";
import { createPlainCall } from "./plain-sdk.ts";
import { readStats, setPace } from "./server-process.ts";
import { isBackendName } from "./wires.ts";

/** Streams at once: enough to fill the process, few enough to keep up. */
const STREAMS = 192;
const ROUNDS = 6;
const WARM_UP = 192;
const KINDS = ["sdk", "parley"] as const;
const PACE = { rate: 30, think: [0, 0.2], answer: [1, 1], review: [1, 1] } as const;

/** Sends the parent the processor time per event, Parley's and the plain SDK's by turns, in µs. Each goes first in every other round. */
async function measure(name: string | undefined, origin: string): Promise<void> {
  if (!isBackendName(name)) throw new Error(`${name} is no backend`);
  const calls = { sdk: createPlainCall(name, origin), parley: createParleyCall(name, origin) };
  const figures: { sdk: number[]; parley: number[] } = { sdk: [], parley: [] };
  for (const kind of KINDS) await round(calls[kind], origin, WARM_UP);
  for (let n = 0; n < ROUNDS; n++) {
    for (const kind of n % 2 === 0 ? KINDS : KINDS.toReversed()) {
      figures[kind].push(await round(calls[kind], origin, STREAMS));
    }
  }
  const { lagMs } = await readStats(origin);
  process.send?.({ ...figures, lagMs });
}

async function round(call: () => Promise<string>, origin: string, streams: number) {
  await setPace(origin, {
    ...PACE,
    think: [...PACE.think],
    answer: [...PACE.answer],
    review: [...PACE.review],
  });
  const before = process.cpuUsage();
  const texts = await Promise.all(Array.from({ length: streams }, call));
  const { user, system } = process.cpuUsage(before);
  if (texts.some((text) => text.length < 100)) throw new Error("An answer is too short.");
  const { events } = await readStats(origin);
  return (user + system) / events;
}

const [name, origin = ""] = process.argv.slice(2);
await measure(name, origin);
process.exit(0);
