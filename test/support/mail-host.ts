import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import type { ModemOptions } from "../../src/modem/modem-options.ts";
import { SystemDisk } from "../../src/platform/disk/system-disk.ts";
import type { Endpoint } from "../../src/platform/network/network.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { turns, until } from "./loopback.ts";
import { showBytes } from "./show-bytes.ts";

/**
 * A host with a modem of its own on the real loopback network, whose files are in a directory of the test. The clock
 * stands still; echo is off.
 */
export class MailHost {
  readonly clock = new VirtualClock();
  readonly modem: Modem;
  /** Where the volumes are kept, as `C` and `D`. */
  readonly directory: string;
  readonly #end: { write(bytes: Uint8Array): unknown; take(): Uint8Array };
  #received = "";

  private constructor(options: Partial<ModemOptions>) {
    this.directory = mkdtempSync(join(tmpdir(), "vmodem-mail-"));
    const { module, host } = memoryPair();
    const efs = { backing: { disk: new SystemDisk(), directory: this.directory } };
    this.modem = new Modem({ efs, clock: this.clock, ...options, transport: module });
    this.#end = host;
  }

  static async start(options: Partial<ModemOptions> = {}): Promise<MailHost> {
    const host = new MailHost(options);
    onTestFinished(() => host.close());
    await host.modem.start();
    await host.ok("ATE0", "ATE0\r\r\nOK\r\n");
    return host;
  }

  async close(): Promise<void> {
    await this.modem.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Puts a file onto the EFS behind the module's back. */
  file(path: string, bytes: Uint8Array | string): void {
    const place = join(this.directory, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes);
  }

  send(text: string | Uint8Array): void {
    this.#end.write(typeof text === "string" ? Buffer.from(text, "latin1") : text);
  }

  /** Takes exactly this, which must be what comes next. */
  async expect(text: string): Promise<void> {
    await until(
      () => this.#look().length >= text.length,
      `${showBytes(text)}; came: ${showBytes(this.#received)}`,
    ).catch(() => undefined);
    const got = this.#received.slice(0, text.length);
    this.#received = this.#received.slice(text.length);
    expect(showBytes(got)).toBe(showBytes(text));
  }

  /** Takes all that comes up to and including `text`. */
  async until(text: string): Promise<string> {
    await until(() => this.#look().includes(text), `${showBytes(text)}; came: ${showBytes(this.#received)}`);
    const end = this.#received.indexOf(text) + text.length;
    const taken = this.#received.slice(0, end);
    this.#received = this.#received.slice(end);
    return taken;
  }

  /** Gives a command line that is answered by exactly this; by OK alone without it. */
  async ok(line: string, answer = "\r\nOK\r\n"): Promise<void> {
    this.send(`${line}\r`);
    await this.expect(answer);
  }

  /** Fails if anything comes. */
  async silence(): Promise<void> {
    await turns();
    expect(showBytes(this.#look())).toBe("");
  }

  /** Sets what a mail needs, and a subject and a body. */
  async draft(server: Endpoint, changes: { readonly to?: string; readonly from?: string } = {}): Promise<void> {
    await this.ok(`AT+SMTPSRV="${server.host}",${server.port}`);
    await this.ok(`AT+SMTPFROM=${changes.from ?? '"from@a.example","Sender"'}`);
    await this.ok(`AT+SMTPRCPT=0,0,${changes.to ?? '"to@b.example","Receiver"'}`);
    await this.ok('AT+SMTPSUB="Subject"');
    await this.ok('AT+SMTPBODY="Body"');
  }

  /** Enters a body at the prompt. */
  async enterBody(text: string | Uint8Array): Promise<void> {
    // With its line feed, so that one at the start of the text is not taken for it.
    this.send("AT+SMTPBODY\r\n");
    await this.expect("\r\n>> ");
    this.send(text);
    this.send("\x1a");
    await this.expect("\r\nOK\r\n");
  }

  #look(): string {
    this.#received += Buffer.from(this.#end.take()).toString("latin1");
    return this.#received;
  }
}

/** The framed lines of an answer. */
export function lines(...texts: readonly string[]): string {
  return texts.map((text) => `\r\n${text}\r\n`).join("");
}
