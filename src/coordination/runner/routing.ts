import { type ModelCall, startModelCall } from "./model-call.ts";
import type { TurnPorts } from "./ports.ts";
import type { TurnRecord } from "./turn-record.ts";

/** The state of asking the router. */
export interface Routing {
  readonly ports: TurnPorts;
  readonly record: TurnRecord;
  /** Null: not asked yet. */
  router: ModelCall | null;
}

/** Asks the router once; `submit` receives its reply. */
export function startRouting(run: Routing, submit: (task: () => unknown) => void): void {
  if (run.router) return;
  const { record } = run;
  const call = startModelCall(record.now());
  run.router = call;
  const isAsking = () => record.ahead.mode === "auto" && !record.ahead.closing;
  void run.ports
    .route(call.controller.signal, {
      onUsage: (read) => void (call.used = read),
      onQueued: ({ cause }) =>
        submit(() => isAsking() && record.add({ type: "routing_queued", cause })),
      onSent: () =>
        submit(() => record.ahead.isRouterQueued && record.add({ type: "routing_sent" })),
    })
    .then((routed) =>
      submit(() => {
        if (run.record.ahead.mode === "auto" && !run.record.ahead.stopped) {
          run.record.add({ type: "turn_routed", ...routed });
        }
      }),
    );
}

/** The turn closes while the router is running: record its usage so far. */
export function endRouting({ router, record }: Routing): void {
  const { mode, routerUsage } = record.ahead;
  if (!router?.used || mode !== "auto" || routerUsage) return;
  router.controller.abort();
  record.add({ type: "routing_aborted", usage: router.used() });
}
