import { z } from "zod";
import type { Clock } from "../../clock.ts";

/** The other side answered with an error. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;
  readonly data: unknown;
  constructor(code: number, message: string, data: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** The other side did not answer in time. */
export class RpcTimeout extends Error {
  override readonly name = "RpcTimeout";
}

export interface JsonRpcOptions {
  readonly clock: Clock;
  /** Sends one message as a line. */
  readonly send: (message: object) => void;
  /** Codex leaves out the member `jsonrpc`. Default: true. */
  readonly namesVersion?: boolean;
  readonly onNotification: (method: string, params: unknown) => void;
  /** The result of a request of the other side; undefined: there is no such method. */
  readonly onRequest: (method: string, params: unknown) => object | undefined;
}

/** JSON-RPC 2.0 over lines, in both directions. */
export interface JsonRpc {
  /** Rejects with an `RpcError`, an `RpcTimeout` after `ms` (default: never), or what `fail` was called with. */
  call(method: string, params: object, ms?: number): Promise<unknown>;
  notify(method: string, params?: object): void;
  /** Takes a message. What is no message, or answers nothing that was asked, is left out. */
  receive(message: unknown): void;
  /** Rejects what is asked, now and later: the other side is gone. */
  fail(error: Error): void;
}

const Id = z.union([z.string(), z.number()]);
const Message = z.object({
  id: Id.optional().catch(undefined),
  method: z.string().optional().catch(undefined),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z
    .object({
      code: z.number().catch(0),
      message: z.string().catch(""),
      data: z.unknown().optional(),
    })
    .optional()
    .catch(undefined),
});

const NO_METHOD = { code: -32601, message: "Method not found" };

export function createJsonRpc(options: JsonRpcOptions): JsonRpc {
  const { clock, onNotification, onRequest, namesVersion = true } = options;
  const version = namesVersion ? { jsonrpc: "2.0" } : {};
  const send = (message: object): void => options.send({ ...version, ...message });
  const asked = new Map<string | number, PromiseWithResolvers<unknown>>();
  let last = 0;
  let failure: Error | null = null;

  function answer(id: string | number, method: string, params: unknown): void {
    const result = onRequest(method, params);
    send({ id, ...(result === undefined ? { error: NO_METHOD } : { result }) });
  }

  return {
    async call(method, params, ms) {
      if (failure) throw failure;
      const id = ++last;
      const answered = Promise.withResolvers<unknown>();
      asked.set(id, answered);
      const late = () => answered.reject(new RpcTimeout(`${method} got no answer in ${ms} ms`));
      const cancel = ms === undefined ? () => {} : clock.setTimer(ms, late);
      send({ id, method, params });
      try {
        return await answered.promise;
      } finally {
        cancel();
        asked.delete(id);
      }
    },
    notify: (method, params) => send({ method, ...(params && { params }) }),
    receive(message) {
      const { data } = Message.safeParse(message);
      if (!data) return;
      const { id, method, params, result, error } = data;
      if (method !== undefined && id !== undefined) answer(id, method, params);
      else if (method !== undefined) onNotification(method, params);
      else if (id !== undefined && error) {
        asked.get(id)?.reject(new RpcError(error.code, error.message, error.data));
      } else if (id !== undefined) asked.get(id)?.resolve(result);
    },
    fail(error) {
      failure ??= error;
      for (const { reject } of asked.values()) reject(failure);
    },
  };
}
