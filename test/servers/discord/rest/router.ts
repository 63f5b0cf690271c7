import type { Route } from "./call.ts";

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export interface Router {
  find(method: string, path: string): Match | undefined;
}

const segments = (path: string): readonly string[] => path.split("/").filter(Boolean);

function bind(
  template: readonly string[],
  path: readonly string[],
): Record<string, string> | undefined {
  if (template.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const given = decodeURIComponent(path[index] ?? "");
    if (part.startsWith(":")) params[part.slice(1)] = given;
    else if (part !== given) return undefined;
  }
  return params;
}

/** Finds the first route that fits; literal ones stand before those with parameters. */
export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map((route) => {
    const [method = "", path = ""] = route.pattern.split(" ");
    return { route, method, template: segments(path) };
  });
  return {
    find(method, path) {
      const given = segments(path);
      for (const { route, method: wanted, template } of compiled) {
        const params = wanted === method ? bind(template, given) : undefined;
        if (params) return { route, params };
      }
      return undefined;
    },
  };
}

/** One shape for "GET /channels/:channel/messages" and "GET /channels/:id/messages". */
export const sameRoute = (pattern: string): string => pattern.replaceAll(/:[a-z_]+/gi, ":");
