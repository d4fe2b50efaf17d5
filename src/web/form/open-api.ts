import type { JsonSchema } from "../../platform/schema/schema.ts";

/** The part of an OpenAPI document that the page reads. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export interface Operation {
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}

/** A changing call of the control interface. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export function callOf(openApi: OpenApi | undefined, method: string, path: string): Call | undefined {
  const operation = openApi?.paths[path]?.[method.toLowerCase()];
  return operation === undefined ? undefined : { method, path, operation };
}

/** Every call that changes something. */
export function changingCalls(openApi: OpenApi): readonly Call[] {
  return Object.entries(openApi.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([method]) => method !== "get")
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** The schema of the JSON that a call takes; `undefined` where it takes none. */
export function bodySchema({ operation }: Call): JsonSchema | undefined {
  return operation.requestBody?.content["application/json"]?.schema;
}

/** Whether a call takes the bytes of a file. */
export function takesFile({ operation }: Call): boolean {
  return operation.requestBody?.content["application/octet-stream"] !== undefined;
}
