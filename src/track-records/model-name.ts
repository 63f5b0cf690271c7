import type { BackendConfig } from "../backends/config.ts";
import { knownAbility } from "../backends/known-ability.ts";

/** What track records call a model: `openai:gpt-6-sol`. */
export const modelName = ({ type, model }: Pick<BackendConfig, "type" | "model">): string =>
  `${type}:${model}`;

/** What public comparisons say of a model of such a name, log-odds. */
export const publicPrior = (name: string): number =>
  knownAbility(name.slice(name.indexOf(":") + 1));
