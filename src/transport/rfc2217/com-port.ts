import { COM_PORT } from "../../codec/telnet/codes.ts";
import { subnegotiation } from "../../codec/telnet/encoder.ts";
import type { LineSettings, ModemOutputs } from "../../platform/serial-line.ts";
import {
  COMMAND,
  CONTROLS,
  type ControlName,
  DATA_BITS,
  FROM_SERVER,
  LINE_STATE,
  MODEM_CHANGE,
  MODEM_STATE,
  PARITIES,
  PURGE,
  PURGE_ALL,
  STOP_BITS,
} from "./com-port-codes.ts";
import type { PortWatcher, SharedPort } from "./shared-port.ts";

/** What the commands of a client act on besides the port. */
interface ComPortMeans {
  readonly port: SharedPort;
  /** What we answer to SIGNATURE. */
  readonly signature: string;
  /** The client has told its own signature. */
  signed(text: string): void;
  /** Sends an answer. */
  answer(bytes: Uint8Array): void;
  /** A notification may be due. */
  wake(): void;
  /** Holds the module's data back, or lets them go. */
  hold(on: boolean): void;
  /** Drops what is on its way. */
  purge(direction: keyof typeof PURGE): void;
  /** Whether all that the client has sent has reached the module. */
  transmitterEmpty(): boolean;
}

/** The server's side of COM-PORT-OPTION on one connection. @rfc 2217 §3 */
export class ComPort implements PortWatcher {
  readonly #means: ComPortMeans;
  readonly #masks = { lineState: 0, modemState: 0xff };
  readonly #control: Record<ControlName, number> = { outboundFlow: 1, breakState: 6, dtr: 8, rts: 11, inboundFlow: 14 };
  /** Changes of the modem state since the last notification. */
  #changes = 0;
  #due = { modemState: false, lineState: false };
  #lineStateSent = 0;
  #active = false;

  constructor(means: ComPortMeans) {
    this.#means = means;
  }

  /** The option is agreed on: from now on the client hears of changes, and at once what the lines are. */
  activate(): void {
    this.#active = true;
    this.#due.modemState = true;
    this.#means.wake();
  }

  /** Takes one command of the client; ignores an unknown one. */
  receive(content: Uint8Array): void {
    const [code, value = 0] = content;
    switch (code) {
      case COMMAND.signature:
        this.#sign(content.subarray(1));
        break;
      case COMMAND.baudRate:
        if (content.length === 5) this.#setRate(Buffer.from(content).readUInt32BE(1));
        break;
      case COMMAND.dataSize:
        this.#set(code, { dataBits: DATA_BITS[value] });
        break;
      case COMMAND.parity:
        this.#set(code, { parity: PARITIES[value] });
        break;
      case COMMAND.stopSize:
        this.#set(code, { stopBits: STOP_BITS[value] });
        break;
      case COMMAND.control:
        this.#setControl(value);
        break;
      case COMMAND.lineState:
      case COMMAND.modemState:
        this.#due[code === COMMAND.lineState ? "lineState" : "modemState"] = true;
        this.#means.wake();
        break;
      case COMMAND.suspend:
      case COMMAND.resume:
        this.#means.hold(code === COMMAND.suspend);
        break;
      case COMMAND.lineStateMask:
        this.#masks.lineState = value;
        this.#answer(code, value);
        this.lineStateChanged();
        break;
      case COMMAND.modemStateMask:
        this.#masks.modemState = value;
        this.#answer(code, value);
        break;
      case COMMAND.purge:
        this.#purge(value);
        break;
      default:
        break;
    }
  }

  outputsChanged(before: Required<ModemOutputs>): void {
    const { outputs } = this.#means.port;
    let changed = 0;
    if (before.dcd !== outputs.dcd) changed |= MODEM_STATE.dcd | MODEM_CHANGE.dcd;
    if (before.dsr !== outputs.dsr) changed |= MODEM_STATE.dsr | MODEM_CHANGE.dsr;
    if (before.cts !== outputs.cts) changed |= MODEM_STATE.cts | MODEM_CHANGE.cts;
    if (before.ri !== outputs.ri) changed |= MODEM_STATE.ri | (before.ri ? MODEM_CHANGE.riEnded : 0);
    this.#changes |= changed & 0x0f;
    if (!this.#active || (changed & this.#masks.modemState) === 0) return;
    this.#due.modemState = true;
    this.#means.wake();
  }

  breakChanged(): void {
    this.lineStateChanged();
  }

  /** Something that the line state shows may have changed. */
  lineStateChanged(): void {
    if (!this.#active || ((this.#lineState ^ this.#lineStateSent) & this.#masks.lineState) === 0) return;
    this.#due.lineState = true;
    this.#means.wake();
  }

  /** The notification that is due, encoded. */
  notification(): Uint8Array | undefined {
    if (this.#due.modemState) {
      this.#due.modemState = false;
      const state = (this.#modemState | this.#changes) & this.#masks.modemState;
      this.#changes = 0;
      return message(COMMAND.modemState, state);
    }
    if (!this.#due.lineState) return undefined;
    this.#due.lineState = false;
    this.#lineStateSent = this.#lineState;
    return message(COMMAND.lineState, this.#lineStateSent);
  }

  get #modemState(): number {
    const { dcd, ri, dsr, cts } = this.#means.port.outputs;
    return (
      (dcd ? MODEM_STATE.dcd : 0) |
      (ri ? MODEM_STATE.ri : 0) |
      (dsr ? MODEM_STATE.dsr : 0) |
      (cts ? MODEM_STATE.cts : 0)
    );
  }

  get #lineState(): number {
    const { port, transmitterEmpty } = this.#means;
    return (port.breaking ? LINE_STATE.breakDetected : 0) | (transmitterEmpty() ? LINE_STATE.transmitterEmpty : 0);
  }

  #answer(code: number, ...values: readonly number[]): void {
    this.#means.answer(message(code, ...values));
  }

  /** A signature without a text asks for ours. */
  #sign(text: Uint8Array): void {
    const { signature, signed } = this.#means;
    if (text.length > 0) signed(Buffer.from(text).toString("latin1"));
    else this.#answer(COMMAND.signature, ...Buffer.from(signature, "latin1"));
  }

  #setRate(rate: number): void {
    const { port } = this.#means;
    if (rate !== 0) port.configure({ rate });
    const { current } = port;
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(current.rate);
    this.#answer(COMMAND.baudRate, ...bytes);
  }

  /** Sets what has a value, and answers what is in force then. */
  #set(code: number, setting: { readonly [Name in keyof LineSettings]?: LineSettings[Name] | undefined }): void {
    const { port } = this.#means;
    if (Object.values(setting).every((value) => value !== undefined)) port.configure(setting as Partial<LineSettings>);
    const { dataBits, parity, stopBits } = port.current;
    if (code === COMMAND.dataSize) this.#answer(code, dataBits);
    else if (code === COMMAND.parity) this.#answer(code, PARITIES.indexOf(parity));
    else this.#answer(code, STOP_BITS.indexOf(stopBits));
  }

  #setControl(value: number): void {
    const { port } = this.#means;
    for (const [name, { ask, values }] of Object.entries(CONTROLS) as [ControlName, (typeof CONTROLS)[ControlName]][]) {
      const sets = (values as readonly number[]).includes(value);
      if (!sets && value !== ask) continue;
      const was = this.#control[name];
      if (sets) this.#control[name] = value;
      if (sets && (name === "dtr" || name === "rts")) port.drive(name, value === values[0]);
      if (sets && name === "breakState" && value !== was && value === values[0]) port.hostBreak();
      this.#answer(COMMAND.control, this.#control[name]);
    }
  }

  #purge(kind: number): void {
    if (kind < PURGE.toClient || kind > PURGE_ALL) return;
    if ((kind & PURGE.toClient) !== 0) this.#means.purge("toClient");
    if ((kind & PURGE.toModule) !== 0) this.#means.purge("toModule");
    this.#answer(COMMAND.purge, kind);
  }
}

/** An answer or a notification, encoded. */
function message(code: number, ...values: readonly number[]): Uint8Array {
  return subnegotiation(COM_PORT, Uint8Array.of(code + FROM_SERVER, ...values));
}
