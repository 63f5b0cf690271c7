import { createOpenAIBackend } from "../../src/backends/openai.ts";
import { describeBackendContract } from "./contract.ts";

describeBackendContract("openai", {
  wire: "responses",
  keyName: "OPENAI_API_KEY",
  create: ({ url, ...options }) => createOpenAIBackend({ ...options, baseUrl: `${url}/v1` }),
});
