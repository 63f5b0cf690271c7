import { markOf } from "../../adapters/slack/post/own-messages.ts";
import { ACTIONS } from "../../adapters/slack/render/buttons.ts";
import type { Seen } from "../../test/servers/slack/people/seen.ts";
import { createSlack, type Slack } from "../../test/servers/slack/slack.ts";
import { type Fields, isFields } from "../../test/servers/slack/state/fields.ts";
import type { Fault } from "../../test/servers/slack/web-api/faults.ts";
import type { ChaosPlatform, ChaosThread, Post } from "./place.ts";
import { isToBeRefused } from "./question.ts";

const CHANNELS = 8;
const PEOPLE = 12;

/**
 * A Slack whose limits leave room for the faults to be what is measured, and which sends an event again after 5 and 20 s instead of
 * one and five minutes: the run is that much shorter than a day at work.
 */
export async function createSlackPlatform(fault: () => Fault | undefined): Promise<ChaosPlatform> {
  const slack = await createSlack({ tierScale: 8, retryDelaysMs: [0, 5_000, 20_000, 20_000] });
  for (let n = 0; n < CHANNELS; n++) slack.workspace.addChannel(`C${100 + n}`);
  const people = Array.from({ length: PEOPLE }, (_, n) =>
    slack.workspace.addUser(`U${100 + n}`, { displayName: `Person ${n}` }),
  );
  for (let n = 0; n < CHANNELS; n++) {
    for (const { id } of people) slack.workspace.state.channels.get(`C${100 + n}`)?.members.add(id);
  }
  slack.faults.sometimes(fault);
  refuseForGood(slack);
  return {
    name: "slack",
    env: slack.env("socket"),
    thread: (number) => createThread(slack, number),
    shake(random) {
      if (random() < 0.5) slack.sockets.drop(1);
      else void slack.replay((delivery) => slack.deliveries.all.slice(-4).includes(delivery));
    },
    heal: () => slack.faults.heal(),
    complaints: () => slack.rejected,
    calls: () => slack.allCalls.length,
    stop: () => slack.stop(),
  };
}

/** Uploads lack their permission, and some answers are refused in every form. */
function refuseForGood({ faults }: Slack): void {
  faults.always(/^files\./, { kind: "error", error: "missing_scope" });
  const refused = { kind: "error", error: "invalid_arguments" } as const;
  faults.always("chat.postMessage", refused, {
    onlyIf: ({ text, metadata }) =>
      isToBeRefused(String(text)) && markOf(asFields(metadata))?.kind === "final",
  });
}

/** As Slack's clients send what is nested. */
const asFields = (value: unknown): Fields | undefined => {
  const read: unknown = typeof value === "string" ? JSON.parse(value) : value;
  return isFields(read) ? read : undefined;
};

function createThread(slack: Slack, number: number): ChaosThread {
  const { workspace } = slack;
  const channel = `C${100 + (number % CHANNELS)}`;
  const person = workspace.user(`U${100 + (number % PEOPLE)}`);
  let root: string | undefined;
  return {
    name: `slack ${number}`,
    canAsk: () => true,
    ask(text) {
      const said = `<@${workspace.bot()}> ${text}`;
      const { ts } = person.says(channel, said, root === undefined ? {} : { thread: root });
      root ??= ts;
    },
    posts: () =>
      root === undefined ? [] : workspace.thread(channel, root).flatMap((message) => read(message)),
  };
}

function read({ metadata, text, buttons }: Seen): readonly Post[] {
  const mark = markOf(metadata);
  if (!mark || mark.chunk > 0) return [];
  const isWorking = buttons.some(({ actionId }) => actionId === ACTIONS.stop);
  return [{ kind: mark.kind, turn: mark.turn, text, isWorking }];
}
