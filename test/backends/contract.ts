import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import type { ModelFaults, Scene } from "../servers/model-faults.ts";
import type { Reply } from "../servers/model-wire.ts";
import { useModelFaults } from "../servers/use-model-faults.ts";
import { describeAborts } from "./contract-aborts.ts";
import { describeAnswers } from "./contract-answers.ts";
import { describeFailures } from "./contract-failures.ts";
import { describeMock } from "./contract-mock.ts";
import { describeRequests } from "./contract-requests.ts";
import { TEST_KEY, TEST_MODEL } from "./contract-stage.ts";
import type { BackendSetup, Stage } from "./contract-stage.ts";

/** The suite that every backend passes: against aimock, and against our own server of faults. */
export function describeBackendContract(name: string, setup: BackendSetup): void {
  describe(`${name} keeps the contract of a backend`, () => {
    const server = useModelFaults();
    const faults = () => withPrefix(server(), setup.differs?.toolPrefix);
    let mock: LLMock;
    beforeAll(async () => {
      mock = new LLMock({ port: 0 });
      await mock.start();
    });
    beforeEach(() => void mock.clearFixtures());
    afterAll(() => mock.stop());
    const stage: Stage = {
      setup,
      faults,
      mock: () => mock,
      backend: (options) =>
        setup.create({
          url: faults().url,
          model: TEST_MODEL,
          apiKey: TEST_KEY,
          mayForce: true,
          ...options,
        }),
    };
    describeMock(stage);
    describeAnswers(stage);
    describeRequests(stage);
    describeFailures(stage);
    describeAborts(stage);
  });
}

/** The model calls tools by the names under which it is told them. */
function withPrefix(faults: ModelFaults, prefix: string | undefined): ModelFaults {
  if (prefix === undefined) return faults;
  const prefixed = (reply: Reply): Reply => ({
    ...reply,
    ...(reply.calls && {
      calls: reply.calls.map(({ name, ...call }) => ({ ...call, name: `${prefix}${name}` })),
    }),
  });
  const renamed = (scene: Scene): Scene => {
    if ("reply" in scene) return { ...scene, reply: prefixed(scene.reply) };
    return "after" in scene ? { ...scene, after: prefixed(scene.after) } : scene;
  };
  return { ...faults, play: (...scenes) => faults.play(...scenes.map(renamed)) };
}
