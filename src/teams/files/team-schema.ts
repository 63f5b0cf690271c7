import { z } from "zod";
import { TeamFile } from "./team-file.ts";
import type { Path } from "./yaml-source.ts";

/** The subset of JSON Schema that team files use. */
const JsonSchema = z.looseObject({
  get properties() {
    return z.record(z.string(), JsonSchema).optional();
  },
  get items() {
    return JsonSchema.optional();
  },
  get anyOf() {
    return z.array(JsonSchema).optional();
  },
});
type JsonSchema = z.infer<typeof JsonSchema>;

/** The JSON Schema of team files, for editors: `configs/schema.json`. */
export const teamSchema = (): Record<string, unknown> => ({
  title: "A team of Parley",
  ...z.toJSONSchema(TeamFile, {
    io: "input",
    override: ({ jsonSchema }) => {
      // An unresolved `${NAME}` is not a valid URI.
      if (jsonSchema.format === "uri") delete jsonSchema.format;
    },
  }),
});

const branches = (schema: JsonSchema): readonly JsonSchema[] => [
  schema,
  ...(schema.anyOf ?? []).flatMap(branches),
];

const step = (schema: JsonSchema, segment: PropertyKey): readonly JsonSchema[] =>
  branches(schema).flatMap((branch) => {
    const next = typeof segment === "number" ? branch.items : branch.properties?.[String(segment)];
    return next ? [next] : [];
  });

const keysOf = (schema: JsonSchema): readonly string[] =>
  branches(schema).flatMap((branch) => Object.keys(branch.properties ?? {}));

function findKey(schema: JsonSchema, key: string, way: readonly string[]): readonly string[] {
  return branches(schema).flatMap((branch) => [
    ...Object.entries(branch.properties ?? {}).flatMap(([name, child]) => [
      ...(name === key && way.length > 0 ? [way.join(".")] : []),
      ...findKey(child, key, [...way, name]),
    ]),
    ...(branch.items ? findKey(branch.items, key, way) : []),
  ]);
}

/** Facts about keys, for error messages. */
export interface SchemaKeys {
  /** The valid keys of the mapping at a path. */
  at(path: Path): readonly string[];
  /** Mappings elsewhere in the file that take this key: `limits`, `agents.backend`. */
  homesOf(key: string): readonly string[];
}

export function createSchemaKeys(): SchemaKeys {
  const root = JsonSchema.parse(teamSchema());
  return {
    at: (path) => {
      const found = path.reduce<readonly JsonSchema[]>(
        (schemas, segment) => schemas.flatMap((schema) => step(schema, segment)),
        [root],
      );
      return [...new Set(found.flatMap(keysOf))];
    },
    homesOf: (key) => [...new Set(findKey(root, key, []))],
  };
}
