import { DIALECTS, type DialectName } from "../../../src/module/dialect.ts";
import { silentLog } from "../../../src/platform/log.ts";
import type { Endpoint, Network } from "../../../src/platform/network/network.ts";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";
import type { Packet } from "../../../src/platform/packet.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { WorkSet } from "../../../src/platform/work-set.ts";
import type { HttpResponse } from "../../../src/services/http/response.ts";
import { HttpService } from "../../../src/services/http/service.ts";
import type { HttpUpload } from "../../../src/services/http/upload.ts";
import type { UnsolicitedOutput } from "../../../src/services/unsolicited-output.ts";
import { until } from "../../support/loopback.ts";

export interface Printed {
  readonly head: string;
  readonly payload: Buffer;
  /** The clock's time. */
  readonly at: number;
}

/** Stands for the AT interface and the host behind it: writes down what is printed, and may refuse to take more. */
export class HttpHost implements UnsolicitedOutput {
  readonly clock = new VirtualClock();
  readonly printed: Printed[] = [];
  readonly lines: string[] = [];
  /** When set, a packet is taken only after it has resolved. */
  room: Promise<void> | undefined;
  readonly reset = new AbortController();
  readonly service: HttpService;

  constructor(options: { dialect?: DialectName; gap?: number; scale?: number; network?: Network } = {}) {
    const timing = { timeoutScale: options.scale ?? 1, packetGap: options.gap ?? 0, promptDelay: 0 };
    this.service = new HttpService({
      network: options.network ?? new TcpNetwork(),
      clock: this.clock,
      outlet: this,
      dialect: DIALECTS[options.dialect ?? "manual"],
      timing,
      log: silentLog,
      work: new WorkSet(),
    });
  }

  urc(text: string): void {
    this.lines.push(text);
  }

  async packets(packets: readonly Packet[]): Promise<void> {
    if (this.room !== undefined) await this.room;
    for (const { head, payload } of packets) {
      this.printed.push({ head, payload: Buffer.from(payload), at: this.clock.now() });
    }
  }

  /** All payload printed. */
  get payload(): string {
    return Buffer.concat(this.printed.map((packet) => packet.payload)).toString("latin1");
  }

  async open(target: Endpoint): Promise<HttpUpload> {
    const opened = await this.service.begin(target, this.reset.signal);
    if (typeof opened === "number") throw new Error(`not opened: ${opened}`);
    return opened;
  }

  /** Enters the whole request and lets the response out. */
  async request(target: Endpoint, request: string): Promise<void> {
    const upload = await this.open(target);
    await upload.write(Buffer.from(request, "latin1"));
    (await this.sent(upload)).start();
  }

  /** Ends the request, and gives the response before it is let out. */
  async sent(upload: HttpUpload): Promise<HttpResponse> {
    const response = await upload.finish();
    if (typeof response === "number") throw new Error(`not sent: ${response}`);
    return response;
  }

  /** Waits for the last line of the operation. */
  async ended(): Promise<readonly string[]> {
    await until(() => this.lines.length > 0, "the end of the operation");
    return this.lines;
  }
}
