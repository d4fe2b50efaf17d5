import { describe, expect, test } from "vitest";
import { costOf, MailStore } from "../../src/sandbox/mail-store.ts";
import { MailHistory } from "../../src/sandbox/smtp/received-mail.ts";

const raw = Buffer.from("mail");
const ids = (store: MailStore, account: string) => store.list(account).map((mail) => mail.id);

describe("the mail store", () => {
  test("gives a mail to every mailbox once, whatever the case and domain of its addresses", () => {
    const store = new MailStore(100_000);
    expect(store.deliver(["a@x", "A@y", "b@x"], raw)).toBe(true);
    expect([ids(store, "a"), ids(store, "A@z"), ids(store, "B"), ids(store, "c")]).toEqual([[1], [1], [2], []]);
  });

  test("a list stays as it was when mail comes and goes, and ids are not used again", () => {
    const store = new MailStore(100_000);
    store.deliver(["a"], raw);
    const before = store.list("a");
    store.remove("a", new Set([1, 77]));
    store.deliver(["a"], raw);
    expect(before.map((mail) => mail.id)).toEqual([1]);
    expect(ids(store, "a")).toEqual([2]);
  });

  test("delivers to all or, when it is full, to none; what is removed makes room", () => {
    const store = new MailStore(costOf(raw) * 2);
    expect(store.deliver(["a"], raw)).toBe(true);
    expect(store.deliver(["a", "b"], raw)).toBe(false);
    expect(ids(store, "b")).toEqual([]);
    store.remove("a", new Set([1]));
    expect(store.deliver(["a", "b"], raw)).toBe(true);
  });

  test("empty mails are bounded too", () => {
    const store = new MailStore(100_000);
    let count = 0;
    while (store.deliver(["a"], Buffer.alloc(0))) expect(++count).toBeLessThan(1000);
  });
});

describe("the history", () => {
  const mail = { from: "a", recipients: ["b"], parameters: [], user: undefined, raw };

  test("forgets the oldest when it is full, but never the last", () => {
    const history = new MailHistory(costOf(raw) * 2);
    for (let count = 0; count < 4; count++) history.take(mail);
    expect(history.entries.map(({ id }) => id)).toEqual([3, 4]);
    history.take({ ...mail, raw: Buffer.alloc(10_000) });
    expect(history.entries.map(({ id }) => id)).toEqual([5]);
  });

  test("next waits for a mail that is new to its caller, or until the signal aborts", async () => {
    const history = new MailHistory(100_000);
    const waiting = [history.next(0, AbortSignal.timeout(5000)), history.next(1, AbortSignal.timeout(5000))];
    history.take(mail);
    history.take(mail);
    expect((await Promise.all(waiting)).map(({ id }) => id)).toEqual([1, 2]);
    const stop = new AbortController();
    const late = history.next(2, stop.signal);
    stop.abort(new Error("stopped"));
    await expect(late).rejects.toThrow("stopped");
    await expect(history.next(2, stop.signal)).rejects.toThrow("stopped");
  });
});
