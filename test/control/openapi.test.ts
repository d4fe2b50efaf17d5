import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { ROUTES } from "../../src/control/routes/routes.ts";
import { controlBench } from "../support/control-bench.ts";

test("the document is valid OpenAPI 3.1, and has every route", async () => {
  const { ask } = await controlBench();
  const { json } = await ask("GET", "/api/openapi.json");
  const validator = new Validator();
  expect(await validator.validate(structuredClone(json))).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
  const operations = Object.entries<object>(json.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(operations.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});

test("each operation has an id and a summary of its own", async () => {
  const { ask } = await controlBench();
  const { paths } = (await ask("GET", "/api/openapi.json")).json;
  const operations = Object.values<Record<string, { operationId: string; summary: string }>>(paths).flatMap(
    Object.values,
  );
  for (const name of ["operationId", "summary"]) {
    expect(new Set(operations.map((operation) => operation[name])).size).toBe(ROUTES.length);
  }
});
