import { type ModelCall, startModelCall } from "./model-call.ts";
import type { TurnPorts } from "./ports.ts";
import type { TurnRecord } from "./turn-record.ts";

/** The part of a run that asks the router. */
export interface Routing {
  readonly ports: TurnPorts;
  readonly record: TurnRecord;
  /** Null: it has not been asked. */
  router: ModelCall | null;
}

/** Asks the router once; what it says is taken in by `submit`. */
export function startRouting(run: Routing, submit: (task: () => void) => void): void {
  if (run.router) return;
  const call = startModelCall(run.record.now());
  run.router = call;
  void run.ports
    .route(call.controller.signal, (read) => void (call.used = read))
    .then((routed) =>
      submit(() => {
        if (run.record.ahead.mode === "auto" && !run.record.ahead.stopped) {
          run.record.add({ type: "turn_routed", ...routed });
        }
      }),
    );
}

/** The turn closes while the router is being asked: what that has cost is booked. */
export function endRouting({ router, record }: Routing): void {
  const { mode, routerUsage } = record.ahead;
  if (!router?.used || mode !== "auto" || routerUsage) return;
  router.controller.abort();
  record.add({ type: "routing_aborted", usage: router.used() });
}
