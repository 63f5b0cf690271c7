import { type CommandForm, parseCommandForm, parseCommandForms } from "../forms/command-form.ts";
import { type Call, param, type Route } from "../rest/call.ts";
import { asJson, type Json } from "../wire/json.ts";
import { guildOf } from "../world/look-up.ts";
import { refusal } from "../world/refusal.ts";
import type { Command, World } from "../world/world.ts";

/** Commands of the application, for everybody or for one guild. */
export function commandEndpoints(world: World): readonly Route[] {
  return [
    ...endpointsUnder(world, "/applications/:application/commands"),
    ...endpointsUnder(world, "/applications/:application/guilds/:guild/commands"),
  ];
}

const sameKind = (command: Command, form: CommandForm): boolean =>
  command.name === form.name && command.type === form.type;

function endpointsUnder(world: World, path: string): readonly Route[] {
  const scopeOf = (call: Call): string | null => {
    if (param(call, "application") !== world.application.id) throw refusal("missingAccess");
    const guild = call.params["guild"];
    return guild === undefined ? null : guildOf(world, guild).id;
  };
  const inScope = (scope: string | null) =>
    [...world.commands.values()].filter(({ guildId }) => guildId === scope);
  const find = (call: Call): Command => {
    const command = world.commands.get(param(call, "command"));
    if (!command || command.guildId !== scopeOf(call)) throw refusal("unknownCommand");
    return command;
  };
  const store = (scope: string | null, form: CommandForm): Command => {
    const known = inScope(scope).find((command) => sameKind(command, form));
    const command = commandOf(world, scope, form, known);
    world.commands.set(command.id, command);
    return command;
  };
  return [
    {
      pattern: `GET ${path}`,
      run: (call) => inScope(scopeOf(call)).map(({ definition }) => definition),
    },
    {
      pattern: `PUT ${path}`,
      run(call) {
        const scope = scopeOf(call);
        const forms = parseCommandForms(call.body);
        for (const command of inScope(scope)) {
          if (!forms.some((form) => sameKind(command, form))) world.commands.delete(command.id);
        }
        return forms.map((form) => store(scope, form).definition);
      },
    },
    {
      pattern: `POST ${path}`,
      run(call) {
        const scope = scopeOf(call);
        const form = parseCommandForm(call.body);
        const isNew = !inScope(scope).some((command) => sameKind(command, form));
        const { definition } = store(scope, form);
        return isNew ? { created: definition } : definition;
      },
    },
    {
      pattern: `GET ${path}/:command`,
      run: (call) => find(call).definition,
    },
    {
      pattern: `PATCH ${path}/:command`,
      run(call) {
        const { definition, guildId } = find(call);
        const form = parseCommandForm({ ...definition, ...asJson(call.body) });
        return store(guildId, form).definition;
      },
    },
    {
      pattern: `DELETE ${path}/:command`,
      run(call) {
        world.commands.delete(find(call).id);
        return undefined;
      },
    },
  ];
}

/** A command that did not change keeps its version. */
function commandOf(
  world: World,
  guildId: string | null,
  form: CommandForm,
  known: Command | undefined,
): Command {
  const { id = world.ids.next() } = known ?? {};
  const bare: Json = {
    name_localizations: null,
    description_localizations: null,
    default_member_permissions: null,
    nsfw: false,
    contexts: guildId === null ? [0, 1] : null,
    integration_types: [0],
    description: "",
    options: [],
    ...form,
    id,
    application_id: world.application.id,
    ...(guildId !== null && { guild_id: guildId }),
  };
  const { version: before, ...was } = known?.definition ?? {};
  const isSame = JSON.stringify(was) === JSON.stringify(bare);
  const version = isSame ? before : world.ids.next();
  const definition = { ...bare, version };
  return { id, guildId, name: form.name, type: form.type, definition };
}
