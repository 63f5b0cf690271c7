import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { createTerminal } from "../../../adapters/terminal/index.ts";
import type { Terminal, TerminalOptions } from "../../../adapters/terminal/index.ts";
import type { IncomingMessage } from "../../../src/platform.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import type { FakeClock } from "../../support/fake-clock.ts";
import { createScriptedTeam } from "../../support/scripted-team.ts";
import type { ScriptedTeam, ScriptedTeamOptions } from "../../support/scripted-team.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { createVirtualTerminal } from "../../support/virtual-terminal.ts";
import type { VirtualTerminal } from "../../support/virtual-terminal.ts";
import { PATIENCE } from "../../support/patience.ts";

export interface Rig extends VirtualTerminal {
  readonly terminal: Terminal;
  readonly team: ScriptedTeam;
  readonly clock: FakeClock;
  readonly exits: number[];
  readonly dir: string;
}

export interface RigOptions extends ScriptedTeamOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly options?: Partial<TerminalOptions>;
}

export const ADA = { id: "ada", name: "Ada", kind: "person" } as const;

/** Fixed, so that thread names and ages are. */
export const NOON = new Date(2026, 10, 23, 12).getTime();

const COMMANDS = ["team list", "team show", "team use", "why", "stop", "prefer", "status"];

/** Those of the commands that begin like this. */
export const completing = (commands: readonly string[], prefix: string) =>
  commands
    .filter((text) => text.startsWith(prefix))
    .map((text) => ({ text, description: `does ${text}` }));

/** A chat on a virtual terminal, started, with nobody behind it but the test. */
export async function startRig({ columns, rows, options, ...team }: RigOptions = {}): Promise<Rig> {
  const virtual = createVirtualTerminal(columns, rows);
  const dir = options?.dir ?? join(await temporaryFolder(), "terminal");
  const clock = createFakeClock();
  const exits: number[] = [];
  const scripted = createScriptedTeam(team);
  const terminal = createTerminal({
    input: virtual.input,
    output: virtual.output,
    error: virtual.output,
    dir,
    once: false,
    json: false,
    colour: false,
    version: "1.2.3",
    completions: (prefix) => Promise.resolve(completing(COMMANDS, prefix)),
    describe: () => Promise.resolve("council · 3 agents"),
    exit: (code) => exits.push(code),
    clock,
    wallTime: () => NOON,
    person: ADA,
    ...options,
  });
  await terminal.start(scripted);
  onTestFinished(() => terminal.stop());
  if (options?.input === undefined) await afterStart(clock);
  return { ...virtual, terminal, team: scripted, clock, exits, dir };
}

/** Until keys are no longer taken for typed ahead. */
async function afterStart(clock: FakeClock): Promise<void> {
  await clock.advance(100);
  await new Promise((resolve) => setImmediate(resolve));
}

/** Types a message and waits until the intake has it. */
export async function ask(rig: Rig, text: string): Promise<IncomingMessage> {
  const before = rig.team.messages.length;
  rig.type(`${text}\r`);
  return vi.waitFor(() => {
    const message = rig.team.messages[before];
    if (!message) throw new Error("The message has not arrived.");
    return message;
  }, PATIENCE);
}
