import type { RigEvent } from "../../rig/events.ts";
import { rawLines, textLines } from "./module-lines.ts";

type NetworkEvent = Extract<RigEvent, { readonly type: "connection" | "sent" | "received" }>;

/** Writes what passes on the network as lines of a transcript. */
export class NetworkLines {
  /** The number of each connection that is open, by the id that the record has for it. */
  readonly #open = new Map<number, number>();
  #opened = 0;
  #current: number | undefined;

  lines(event: NetworkEvent): readonly string[] {
    if (event.type === "connection") return this.#connection(event);
    const lines = event.type === "sent" ? rawLines("=", event.bytes) : readLines(event.bytes);
    return [...this.#choose(event.id), ...lines];
  }

  #connection({ id, phase, error }: Extract<NetworkEvent, { readonly type: "connection" }>): readonly string[] {
    if (phase === "open") {
      this.#open.set(id, ++this.#opened);
      this.#current = id;
      return ["! open"];
    }
    if (phase === "resolve" || phase === "connect") return [];
    const code = /^[A-Z]+$/.test(error ?? "") ? error : "UNKNOWN";
    if (!this.#open.has(id)) {
      // It counts as one that was opened.
      this.#opened++;
      this.#current = undefined;
      return phase === "fail" ? [`! fails ${code}`] : [];
    }
    const lines = [...this.#choose(id), phase === "fail" ? `! break ${code}` : "! end"];
    this.#open.delete(id);
    return lines;
  }

  /** What a server that was scripted ahead receives concerns the connection that was made last. */
  #choose(id: number): readonly string[] {
    const number = this.#open.get(id);
    if (number === undefined || id === this.#current) return [];
    this.#current = id;
    return [`! on ${number}`];
  }
}

/** What came in one read. */
function readLines(bytes: string): readonly string[] {
  const [first = "", ...more] = textLines('!"', bytes);
  const lines = rawLines("!", bytes);
  return lines.length === 1 ? lines : [first, ...more.map((line) => line.replace('!"', "!+"))];
}
