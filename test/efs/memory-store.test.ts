import { expect, test } from "vitest";
import { EFS_LIMITS } from "../../src/efs/limits.ts";
import { MemoryStore } from "../../src/efs/memory-store.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { outcome, path, write } from "./support/volumes.ts";

test("empty files and directories without end do not eat our memory", async () => {
  const store = new MemoryStore({ volume: "C", size: 100, clock: new VirtualClock() });
  await store.makeDirectory(path("C:/d"));
  await write(store, "C:/f", "");
  for (let made = 2; made < EFS_LIMITS.memoryEntries; made++) await store.makeDirectory(path(`C:/d/${made}`));
  expect(await outcome(store.makeDirectory(path("C:/e")))).toBe("NO_SPACE");
  expect(await outcome(store.openWriter(path("C:/e")))).toBe("NO_SPACE");
  await store.remove(path("C:/f"));
  const writer = await store.openWriter(path("C:/e"));
  expect(await outcome(store.makeDirectory(path("C:/f")))).toBe("NO_SPACE");
  await writer.abandon();
  await store.makeDirectory(path("C:/f"));
});
