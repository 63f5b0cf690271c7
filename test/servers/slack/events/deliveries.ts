import type { Clock } from "../../../../src/clock.ts";
import { notAcked, type Parcel, type Receipt, type Transport } from "./transport.ts";

/** One thing that Slack told the app, or tried to. */
export interface Delivery extends Parcel {
  readonly attempts: { readonly at: number; receipt: Receipt | undefined }[];
}

export interface Deliveries {
  readonly all: readonly Delivery[];
  /** Events are sent up to four times; interactions once. Resolves with the last receipt; never rejects. */
  send(parcel: Parcel): Promise<Receipt>;
  /** Once more, though it arrived: Slack promises "at least once". */
  again(delivery: Delivery): Promise<Receipt>;
  /** Resolves when nothing is on its way; retries that wait for their time do not count. */
  settled(): Promise<void>;
}

export interface DeliveryOptions {
  readonly clock: Clock;
  readonly transport: Transport;
  /** Before each retry, ms: at once, after a minute, after five. */
  readonly retryDelaysMs: readonly number[];
}

export function createDeliveries({ clock, transport, retryDelaysMs }: DeliveryOptions): Deliveries {
  const all: Delivery[] = [];
  const onTheWay = new Set<Promise<Receipt>>();
  // What waits for its retry goes at once when the app comes back.
  const waiting = new Set<() => void>();
  transport.onOpen(() => {
    for (const wake of Array.from(waiting)) wake();
  });

  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = () => {
        cancel();
        waiting.delete(wake);
        resolve();
      };
      const cancel = clock.setTimer(ms, wake);
      if (!transport.isOpen()) waiting.add(wake);
    });

  const attempt = async (delivery: Delivery): Promise<Receipt> => {
    const { attempts } = delivery;
    const last = attempts.at(-1)?.receipt;
    const reason = last && !last.isAcked ? last.reason : undefined;
    const entry = { at: clock.now(), receipt: undefined as Receipt | undefined };
    const sent = transport.send(delivery, { retry: attempts.length, reason });
    attempts.push(entry);
    onTheWay.add(sent);
    entry.receipt = await sent.finally(() => onTheWay.delete(sent));
    return entry.receipt;
  };

  const send = async (delivery: Delivery): Promise<Receipt> => {
    let receipt = await attempt(delivery);
    if (delivery.kind !== "events_api") return receipt;
    for (const ms of retryDelaysMs) {
      if (receipt.isAcked || receipt.isFinal) break;
      await wait(ms);
      receipt = await attempt(delivery);
    }
    return receipt;
  };

  return {
    all,
    send(parcel) {
      const delivery = { ...parcel, attempts: [] };
      all.push(delivery);
      return send(delivery).catch((error: unknown) => notAcked(String(error), true));
    },
    again: attempt,
    async settled() {
      while (onTheWay.size > 0) {
        await Promise.allSettled(onTheWay);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
