import { describe, expect, test } from "vitest";
import { CardSlot } from "../../src/efs/card-slot.ts";
import type { DirectoryDraft } from "../../src/efs/directory-draft.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { KINDS, names, outcome, path, read, signal } from "./support/volumes.ts";

async function put(draft: DirectoryDraft, name: string, content: string): Promise<void> {
  const writer = await draft.openWriter(name);
  await writer.write(Buffer.from(content), signal);
  await writer.commit();
}

describe.each(KINDS)("a directory that is drafted %s", (_, make) => {
  test("is invisible until it appears with all its files", async () => {
    const clock = new VirtualClock(Date.UTC(2009, 8, 1));
    const store = await make({ clock });
    const draft = await store.draftDirectory(path("C:/"));
    await put(draft, "a", "12345");
    await put(draft, "b", "");
    expect(await names(store, "C:/")).toEqual([]);
    await draft.commit("mail");
    expect(await names(store, "C:/")).toEqual(["mail/"]);
    expect(await names(store, "C:/mail")).toEqual(["a", "b"]);
    expect(await read(store, "C:/mail/a")).toBe("12345");
    expect(await store.stat(path("C:/mail/a"))).toMatchObject({ size: 5, modified: Date.UTC(2009, 8, 1) });
  });

  test("is an ordinary one afterwards", async () => {
    const store = await make();
    await store.makeDirectory(path("C:/Email"));
    const draft = await store.draftDirectory(path("C:/Email"));
    await put(draft, "a", "12345");
    await draft.commit("mail");
    await store.rename(path("C:/Email/mail"), path("C:/other"));
    await store.remove(path("C:/other/a"));
    await store.removeDirectory(path("C:/other"));
    expect(await store.space()).toMatchObject({ used: 0 });
  });

  test("takes its space from the first byte on, once", async () => {
    const store = await make({ size: 100 });
    const draft = await store.draftDirectory(path("C:/"));
    const used = async () => (await store.space()).used;
    await put(draft, "a", "x".repeat(60));
    expect(await used()).toBe(60);
    const writer = await draft.openWriter("b");
    await writer.write(Buffer.alloc(30), signal);
    expect(await used()).toBe(90);
    expect(await outcome(writer.write(Buffer.alloc(11), signal))).toBe("NO_SPACE");
    expect(await used()).toBe(60);
    await put(draft, "c", "x".repeat(40));
    expect(await used()).toBe(100);
    await draft.commit("mail");
    expect(await used()).toBe(100);
    await draft.discard();
    expect(await used()).toBe(100);
    expect(await names(store, "C:/mail")).toEqual(["a", "c"]);
  });

  test("is gone when it is discarded, with what is open in it", async () => {
    const store = await make();
    const draft = await store.draftDirectory(path("C:/"));
    await put(draft, "a", "12345");
    const writer = await draft.openWriter("b");
    await writer.write(Buffer.alloc(30), signal);
    await draft.discard();
    await draft.discard();
    expect(await store.space()).toMatchObject({ used: 0 });
    expect(await names(store, "C:/")).toEqual([]);
    expect(await outcome(draft.commit("mail"))).toBe("IO");
    expect(await outcome(draft.openWriter("c"))).toBe("IO");
    expect(await outcome(writer.write(Buffer.alloc(1), signal))).not.toBe("done");
  });

  test.each(["a directory", "a file"])(
    "replaces nothing: %s of its name is EXISTS, and another name can be tried",
    async (what) => {
      const store = await make();
      if (what === "a file") await (await store.openWriter(path("C:/mail"))).commit();
      else await store.makeDirectory(path("C:/mail"));
      const draft = await store.draftDirectory(path("C:/"));
      await put(draft, "a", "12345");
      expect(await outcome(draft.commit("mail"))).toBe("EXISTS");
      await draft.commit("mail2");
      expect(await read(store, "C:/mail2/a")).toBe("12345");
    },
  );

  test("gives a file another name, but not one that is taken", async () => {
    const store = await make();
    const draft = await store.draftDirectory(path("C:/"));
    await put(draft, "a", "A");
    await put(draft, "b", "B");
    expect(await outcome(draft.rename("a", "b"))).toBe("EXISTS");
    expect(await outcome(draft.openWriter("a"))).toBe("EXISTS");
    await draft.rename("a", "c");
    await put(draft, "a", "new A");
    await draft.commit("mail");
    expect(await names(store, "C:/mail")).toEqual(["a", "b", "c"]);
    expect(await read(store, "C:/mail/c")).toBe("A");
  });

  test("lets a completed file be read and removed, which gives its space back", async () => {
    const store = await make();
    const draft = await store.draftDirectory(path("C:/"));
    await put(draft, "a", "12345");
    await put(draft, "b", "123");
    const reader = await draft.openReader("a");
    expect([reader.size, Buffer.from((await reader.read(signal)) ?? []).toString()]).toEqual([5, "12345"]);
    await reader.close();
    await draft.remove("a");
    expect(await store.space()).toMatchObject({ used: 3 });
    for (const operation of [draft.openReader("a"), draft.remove("a"), draft.rename("a", "c")]) {
      expect(await outcome(operation)).toBe("NOT_FOUND");
    }
    await put(draft, "a", "new");
    await draft.commit("mail");
    expect(await names(store, "C:/mail")).toEqual(["a", "b"]);
    expect(await store.space()).toMatchObject({ used: 6 });
  });

  test.each(["", "a/b", "..", "a.", "x\0", "a:b"])("refuses %j as a name", async (name) => {
    const store = await make();
    const draft = await store.draftDirectory(path("C:/"));
    expect(await outcome(draft.openWriter(name))).toBe("BAD_NAME");
    await put(draft, "a", "A");
    expect(await outcome(draft.rename("a", name))).toBe("BAD_NAME");
    expect(await outcome(draft.commit(name))).toBe("BAD_NAME");
    await draft.commit("mail");
    expect(await names(store, "C:/mail")).toEqual(["a"]);
  });

  test("needs the directory that it appears in, first and last", async () => {
    const store = await make();
    expect(await outcome(store.draftDirectory(path("C:/Email")))).toBe("NOT_FOUND");
    await store.makeDirectory(path("C:/Email"));
    const draft = await store.draftDirectory(path("C:/Email"));
    await put(draft, "a", "12345");
    await store.removeDirectory(path("C:/Email"));
    expect(await outcome(draft.commit("mail"))).toBe("NOT_FOUND");
    await draft.discard();
    expect(await store.space()).toMatchObject({ used: 0 });
  });

  test("on the card is NO_CARD once that is pulled, and leaves nothing on it", async () => {
    const card = await make({ volume: "D" });
    const slot = new CardSlot(card, true);
    const draft = await slot.draftDirectory(path("D:/"));
    await put(draft, "a", "12345");
    const writer = await draft.openWriter("b");
    await slot.pull();
    for (const operation of [
      writer.write(Buffer.alloc(1), signal),
      draft.openWriter("c"),
      draft.rename("a", "d"),
      draft.openReader("a"),
      draft.remove("a"),
      draft.commit("mail"),
      slot.draftDirectory(path("D:/")),
    ]) {
      expect(await outcome(operation)).toBe("NO_CARD");
    }
    await draft.discard();
    slot.insert();
    expect(await names(slot, "D:/")).toEqual([]);
    expect(await slot.space()).toMatchObject({ used: 0 });
  });

  test("on the card that is pulled during the commit is whole or not there", async () => {
    const card = await make({ volume: "D" });
    const slot = new CardSlot(card, true);
    const draft = await slot.draftDirectory(path("D:/"));
    await put(draft, "a", "12345");
    const committed = outcome(draft.commit("mail"));
    await slot.pull();
    const isThere = (await committed) === "done";
    slot.insert();
    expect(await names(slot, "D:/")).toEqual(isThere ? ["mail/"] : []);
    if (isThere) expect(await names(slot, "D:/mail")).toEqual(["a"]);
  });
});
