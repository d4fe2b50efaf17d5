import { describe, expect, test } from "vitest";
import { type ConnectionHooks, hookConnection } from "../../../src/platform/network/hooked-connection.ts";
import { ServiceError } from "../../../src/platform/network/service-error.ts";
import { type PeerAct, ScriptedConnection } from "../../support/scripted-network.ts";

const { signal } = new AbortController();

function hooked(acts: readonly PeerAct[], hooks: ConnectionHooks) {
  const inner = new ScriptedConnection({ host: "mail", port: 25 }, acts, false);
  return { inner, connection: hookConnection(inner, hooks) };
}

const upper = (bytes: Buffer) => Buffer.from(bytes.toString().toUpperCase());

describe("a hooked connection", () => {
  test("without hooks is the same connection", async () => {
    const { inner, connection } = hooked(["one\r\n", "12345", "rest"], {});
    expect([connection.local, connection.remote]).toEqual([inner.local, inner.remote]);
    expect((await connection.readLine(10, signal)).toString()).toBe("one");
    expect((await connection.readExactly(5, signal)).toString()).toBe("12345");
    expect((await connection.read(signal))?.toString()).toBe("rest");
    expect(await connection.read(signal)).toBeUndefined();
    await connection.write("hello", signal);
    expect(inner.written).toBe("hello");
  });

  test("reads what its hook gives, in every way of reading, in order", async () => {
    const { connection } = hooked(["one\r\ntw", "o\r\n12", "345rest"], { received: upper });
    expect((await connection.readLine(10, signal)).toString()).toBe("ONE");
    expect((await connection.readLine(10, signal)).toString()).toBe("TWO");
    expect((await connection.readExactly(5, signal)).toString()).toBe("12345");
    expect((await connection.read(signal))?.toString()).toBe("REST");
    expect(await connection.read(signal)).toBeUndefined();
  });

  test("keeps the bounds and errors of a line that its hook changes", async () => {
    const long = hooked(["x".repeat(20)], { received: (bytes) => bytes });
    await expect(long.connection.readLine(10, signal)).rejects.toMatchObject({ code: "REPLY" });
    const short = hooked(["no end"], { received: (bytes) => bytes });
    await expect(short.connection.readLine(10, signal)).rejects.toMatchObject({ code: "CLOSED" });
  });

  test("reads on when its hook drops a chunk", async () => {
    const received = (bytes: Buffer) => (bytes.toString() === "drop" ? Buffer.alloc(0) : bytes);
    const { connection } = hooked(["drop", "keep\n"], { received });
    expect((await connection.read(signal))?.toString()).toBe("keep\n");
  });

  test("waits for its hooks", async () => {
    const { inner, connection } = hooked(["x"], {
      received: async () => Buffer.from("y"),
      sent: async () => "changed",
    });
    await connection.write("as it was", signal);
    expect((await connection.read(signal))?.toString()).toBe("y");
    expect(inner.written).toBe("changed");
  });

  test("fails when its hook does, and says so", async () => {
    const reset = new ServiceError("RESET", "by a fault");
    const failed: unknown[] = [];
    const received = () => {
      throw reset;
    };
    const { connection } = hooked(["x"], { received, failed: (error) => failed.push(error) });
    await expect(connection.read(signal)).rejects.toBe(reset);
    expect(failed).toEqual([reset]);
  });

  test("reports that it was closed, once, with the reason, and no failure afterwards", async () => {
    const told: unknown[] = [];
    const { inner, connection } = hooked(["silence"], {
      closed: (reason) => told.push(reason),
      failed: (error) => told.push(error),
    });
    const reading = connection.read(signal).catch((error: unknown) => error);
    const reason = new ServiceError("RESET", "lost");
    connection.close(reason);
    connection.close();
    expect(await reading).toBe(reason);
    expect([told, inner.closed]).toEqual([[reason], true]);
  });
});
