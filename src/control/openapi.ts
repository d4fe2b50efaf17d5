import { type JsonSchema, object, text } from "../platform/schema/schema.ts";
import type { ErrorStatus } from "./control-error.ts";
import type { Route } from "./route.ts";

/** What every route may answer, by whether it changes something. */
const COMMON: Readonly<Record<"all" | "changing", Readonly<Partial<Record<ErrorStatus, string>>>>> = {
  all: {
    400: "The request cannot be read",
    401: "The token is missing or wrong",
    403: "The Host or Origin header is refused",
    422: "A field of the query or of the body is wrong; `at` names it",
  },
  changing: { 413: "The body is too large", 415: "The Content-Type is missing or wrong" },
};

const ERROR: JsonSchema = {
  type: "object",
  required: ["error"],
  properties: { error: object({ code: text(), message: text(), at: { ...text(), optional: true } }) },
};

/** Makes the OpenAPI 3.1 document of a table of routes. `version` is the program's. */
export function openApiDocument(routes: readonly Route[], version: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    Object.assign(paths[route.path] ?? {}, { [route.method.toLowerCase()]: operation(route) });
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "vmodem control interface",
      version,
      description:
        "Sees into a rig of modems, steers it and breaks it. A changing request carries Content-Type: application/json, " +
        "or for a file any type but a form's. `{path}` may hold slashes, as they are or percent-encoded.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: { Error: ERROR },
      securitySchemes: { token: { type: "http", scheme: "bearer", description: "Asked for beyond loopback." } },
    },
    security: [{}, { token: [] }],
  };
}

function operation(route: Route): Readonly<Record<string, unknown>> {
  const parameters = [
    ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
      name,
      in: "path",
      required: true,
      description: route.params?.[name] ?? name,
      schema: text(),
    })),
    ...Object.entries(route.query?.properties ?? {}).map(([name, schema]) => ({
      name,
      in: "query",
      required: route.query?.required?.includes(name) ?? false,
      ...(schema.description === undefined ? {} : { description: schema.description }),
      schema,
    })),
  ];
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...requestBody(route),
    ...(route.isPublic === true ? { security: [{}] } : {}),
    responses: responses(route),
  };
}

function operationId({ method, path }: Route): string {
  const words = path.replace(/^\/(api\/)?/, "").split(/[/{}.]+/);
  return [method.toLowerCase(), ...words.filter((word) => word !== "")]
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");
}

const BYTES = { type: "string", contentMediaType: "application/octet-stream" } as const;

function requestBody(route: Route): Readonly<Record<string, unknown>> {
  if (route.body === undefined) return {};
  const json = route.body === "raw" ? route.rawJson : route.body;
  const content = {
    ...(route.body === "raw" ? { "application/octet-stream": { schema: BYTES } } : {}),
    ...(json === undefined ? {} : { "application/json": { schema: json } }),
  };
  return { requestBody: { required: route.bodyOptional !== true, content } };
}

function responses(route: Route): Readonly<Record<string, unknown>> {
  const { answer } = route;
  const good =
    "media" in answer
      ? { 200: { description: "The bytes", content: { [answer.media]: { schema: { type: "string" } } } } }
      : {
          [answer.status ?? 200]: {
            description: "Done",
            content: { "application/json": { schema: answer.schema } },
          },
        };
  const refusals = {
    ...COMMON.all,
    ...(route.method === "GET" ? {} : COMMON.changing),
    ...route.refusals,
  };
  const bad = Object.entries(refusals).map(([status, description]) => [
    status,
    { description, content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } } },
  ]);
  return { ...good, ...Object.fromEntries(bad) };
}
