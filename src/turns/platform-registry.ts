import type { Clock } from "../clock.ts";
import { createDelivery, type Delivery } from "../delivery/delivery.ts";
import { type ConversationId, parseConversationId } from "../ids.ts";
import type { Platform } from "../platform.ts";
import type { Store } from "../store/store.ts";
import { withSpelling } from "./spell-outgoing.ts";

/** A served platform and its delivery. */
export interface ServedPlatform {
  readonly platform: Platform;
  readonly delivery: Delivery;
}

export interface PlatformRegistry {
  add(platforms: readonly Platform[]): void;
  platforms(): readonly Platform[];
  /** Throws when this process does not serve the conversation's platform. */
  of(conversation: ConversationId): ServedPlatform;
}

export interface PlatformRegistryOptions {
  readonly store: Pick<Store, "deliveries">;
  readonly clock: Clock;
  readonly listener: {
    problem(problem: unknown, about: { conversation?: ConversationId; turn?: string }): void;
  };
}

/** The platforms that this process serves, by name. */
export function createPlatformRegistry({
  store,
  clock,
  listener,
}: PlatformRegistryOptions): PlatformRegistry {
  const registry = new Map<string, ServedPlatform>();
  const onProblem = (
    problem: unknown,
    { id, conversation }: { id: string; conversation: ConversationId },
  ) => listener.problem(problem, { turn: id, conversation });
  return {
    add(platforms) {
      for (const platform of platforms.map(withSpelling)) {
        const { deliveries } = store;
        const delivery = createDelivery({ platform, deliveries, clock, onProblem });
        registry.set(platform.name, { platform, delivery });
      }
    },
    platforms: () => [...registry.values()].map(({ platform }) => platform),
    of(conversation) {
      const { platform } = parseConversationId(conversation);
      const served = registry.get(platform);
      if (!served)
        throw new Error(
          `This process does not serve ${platform}; start it with --platform ${platform}.`,
        );
      return served;
    },
  };
}
