import type { LLMock } from "@copilotkit/aimock";
import type { Backend } from "../../src/backends/backend.ts";
import type { FailureClass } from "../../src/coordination/turn-event.ts";
import type { ModelFaults } from "../servers/model-faults.ts";
import type { ErrorKind, WireName } from "../servers/model-wire.ts";

/** What the suite makes a backend from. */
export interface ContractOptions {
  /** The server without a path, `http://127.0.0.1:port`: the setup adds what its SDK wants behind it. */
  readonly url: string;
  readonly model: string;
  readonly apiKey: string;
  readonly mayForce: boolean;
}

export interface BackendSetup {
  readonly wire: WireName;
  /** What the error about a bad key must name. */
  readonly keyName: string;
  create(options: ContractOptions): Backend;
  readonly differs?: {
    /** How often the backend asks before it believes a refusal, where it tries what older gateways understand. */
    readonly tries?: Partial<Record<ErrorKind, number>>;
    /** The API tells no time to wait. */
    readonly noRetryAfter?: true;
    /** The API does not tell a used-up quota from a rate limit. */
    readonly noQuota?: true;
    /** The API keeps badly written calls to itself, and the call fails like this. */
    readonly malformedCall?: FailureClass;
    /** The SDK keeps the API's signs of life to itself. */
    readonly noKeepAlive?: true;
    /** The agent's program cannot be told to force a call. */
    readonly noForce?: true;
    /** The agent's program writes its own request: it takes no limit of tokens, and no PDFs. */
    readonly ownRequest?: true;
    /** Calls come through the server of the move: the first one alone counts, and the agent's program keeps malformed ones to itself. */
    readonly movesServer?: true;
    /** The agent's program puts this before the names of tools. */
    readonly toolPrefix?: string;
    /** Calls are the JSON of a text that follows a schema: there is one alone, without a text beside it. */
    readonly callsAsJson?: true;
    /** The agent's program does not tell what came from a cache. */
    readonly noCacheReads?: true;
    /** The agent's program takes one message of a user. */
    readonly oneMessage?: true;
    /** The agent's program adds `metadata` that differs from call to call. */
    readonly ownMetadata?: true;
    /** The agent's program does not tell why a stream broke off. */
    readonly streamErrors?: FailureClass;
    /** The API has no cache that is billed for writing. */
    readonly noCacheWrites?: true;
  };
}

/** What the cases share: the servers, and the backend made for the one they talk to. */
export interface Stage {
  readonly setup: BackendSetup;
  readonly faults: () => ModelFaults;
  readonly mock: () => LLMock;
  /** The backend under test, connected to the fault server. */
  readonly backend: (options?: Partial<ContractOptions>) => Backend;
}

export const TEST_MODEL = "test-model-1";
export const TEST_KEY = "sk-test-0123456789abcdef";
