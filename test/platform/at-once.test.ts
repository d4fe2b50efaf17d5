import { expect, test } from "vitest";
import { atOnce } from "../../src/platform/at-once.ts";

/** Work that is ended by hand. */
function openWork() {
  const begun: number[] = [];
  const ends = new Map<number, (failure?: Error) => void>();
  const work = (item: number) =>
    new Promise<string>((resolve, reject) => {
      begun.push(item);
      ends.set(item, (failure) => (failure === undefined ? resolve(`done ${item}`) : reject(failure)));
    });
  const end = async (item: number, failure?: Error) => {
    ends.get(item)?.(failure);
    await new Promise(setImmediate);
  };
  return { begun, work, end };
}

test("no more are at work than was said; the next begins when one has ended, and results keep the order of the items", async () => {
  const { begun, work, end } = openWork();
  const done = atOnce([1, 2, 3, 4], work, 2);
  expect(begun).toEqual([1, 2]);
  await end(2);
  expect(begun).toEqual([1, 2, 3]);
  await end(1);
  expect(begun).toEqual([1, 2, 3, 4]);
  await end(4);
  await end(3);
  expect(await done).toEqual(["done 1", "done 2", "done 3", "done 4"]);
});

test("after a failure no other begins; what was begun ends first, and the first item's reason counts", async () => {
  const { begun, work, end } = openWork();
  let settled = false;
  const done = atOnce([1, 2, 3, 4], work, 3).finally(() => {
    settled = true;
  });
  const refused = expect(done).rejects.toThrow("first");
  await end(2, new Error("second"));
  await end(3);
  expect(settled).toBe(false);
  await end(1, new Error("first"));
  await refused;
  expect(begun).toEqual([1, 2, 3]);
});

test("nothing to do is done at once", async () => {
  expect(await atOnce([], () => Promise.reject(new Error("begun")))).toEqual([]);
});
