import { ControlError } from "./control-error.ts";
import type { Method, Route } from "./route.ts";

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
}

/** Finds the route of a request in the table. */
export class Router {
  readonly #routes: readonly Compiled[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, pattern: compile(route.path) }));
  }

  /**
   * Gives the route and the decoded parameters of its path. `HEAD` finds the route of `GET`.
   *
   * @throws ControlError 404 for a path, 405 for a method that there is not, 400 for a broken percent-encoding
   */
  find(method: string, path: string): { readonly route: Route; readonly params: Readonly<Record<string, string>> } {
    const wanted = method === "HEAD" ? "GET" : method;
    const allowed: (Method | "HEAD")[] = [];
    for (const { route, pattern } of this.#routes) {
      const found = pattern.exec(path);
      if (found === null) continue;
      if (route.method === wanted) return { route, params: decode(found.groups ?? {}) };
      allowed.push(route.method, ...(route.method === "GET" ? (["HEAD"] as const) : []));
    }
    if (allowed.length === 0)
      throw new ControlError(404, `there is no ${path}; GET /api/openapi.json lists what there is`);
    throw new ControlError(405, `${method} is not for ${path}; allowed: ${allowed.join(", ")}`, {
      beside: { allowed },
    });
  }
}

function compile(path: string): RegExp {
  const source = path
    .split("/")
    .slice(1)
    .map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) return `/${part.replaceAll(".", "\\.")}`;
      return name === "path" ? "(?:/(?<path>.*))?" : `/(?<${name}>[^/]+)`;
    })
    .join("");
  return new RegExp(`^${source}$`);
}

function decode(groups: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value = ""]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new ControlError(400, "the path has a broken percent-encoding");
  }
}
