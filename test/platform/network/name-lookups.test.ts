import { expect, test } from "vitest";
import { NameLookups } from "../../../src/platform/network/name-lookups.ts";

const { signal } = new AbortController();

/** A resolver whose answers come when the test gives them. */
function resolver() {
  const asked: string[] = [];
  const answers = new Map<string, { resolve(addresses: readonly string[]): void; reject(error: Error): void }>();
  const lookups = new NameLookups((name) => {
    asked.push(name);
    return new Promise((resolve, reject) => answers.set(name, { resolve, reject }));
  });
  const answer = (name: string) => answers.get(name)?.resolve([`address of ${name}`]);
  return { asked, answers, lookups, answer };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("callers that ask for a name at the same time share the answer; a later one asks anew", async () => {
  const { asked, lookups, answer } = resolver();
  const both = Promise.all([lookups.addressesOf("a", signal), lookups.addressesOf("a", signal)]);
  await turn();
  expect(asked).toEqual(["a"]);
  answer("a");
  expect(await both).toEqual([["address of a"], ["address of a"]]);
  void lookups.addressesOf("a", signal);
  await turn();
  expect(asked).toEqual(["a", "a"]);
});

test("three names are looked up at a time, the others in their order", async () => {
  const { asked, lookups, answer } = resolver();
  const names = ["a", "b", "c", "d", "e"];
  const all = Promise.all(names.map((name) => lookups.addressesOf(name, signal)));
  for (const [index, name] of names.entries()) {
    await turn();
    expect(asked).toEqual(names.slice(0, index + 3));
    answer(name);
  }
  expect(await all).toEqual(names.map((name) => [`address of ${name}`]));
});

test("a name that cannot be looked up fails its callers, and frees its thread", async () => {
  const { asked, answers, lookups } = resolver();
  const failing = ["a", "b", "c"].map((name) => lookups.addressesOf(name, signal));
  void lookups.addressesOf("d", signal);
  await turn();
  answers.get("b")?.reject(new Error("ENOTFOUND"));
  await expect(failing[1]).rejects.toThrow("ENOTFOUND");
  await turn();
  expect(asked).toEqual(["a", "b", "c", "d"]);
});

test("nobody waits after the end of a signal, and a name that nobody waits for is not looked up", async () => {
  const { asked, lookups, answer } = resolver();
  for (const name of ["a", "b", "c"]) void lookups.addressesOf(name, signal);
  const controller = new AbortController();
  const given = lookups.addressesOf("given up", controller.signal);
  const kept = [lookups.addressesOf("kept", controller.signal), lookups.addressesOf("kept", signal)];
  controller.abort(new Error("enough"));
  await expect(given).rejects.toThrow("enough");
  await expect(kept[0]).rejects.toThrow("enough");
  for (const name of ["a", "b"]) answer(name);
  await turn();
  expect(asked).toEqual(["a", "b", "c", "kept"]);
  answer("kept");
  expect(await kept[1]).toEqual(["address of kept"]);
  await expect(lookups.addressesOf("a", controller.signal)).rejects.toThrow("enough");
});
