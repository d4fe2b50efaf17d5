import type { JsonSchema } from "../../platform/schema/schema.ts";
import type { ModemLines } from "../../platform/serial-line.ts";
import { FAR_ENDS, type FarEnd } from "../calls/call.ts";
import { type Board, type Level, PIN_LEVELS } from "../hardware.ts";
import type { ModuleState } from "../module-state.ts";
import { type Operator, REGISTRATION, type Registration, type Surroundings, TECHNOLOGY } from "../radio/radio.ts";
import type { SignalQuality } from "../radio/signal.ts";
import { formatIsoTime, parseIsoTime } from "../rtc.ts";
import { cardInState, SIM_STATES, type SimChoice, type SimState } from "../sim.ts";
import { USSD_TABLE, type UssdTable } from "../ussd/ussd-table.ts";
import { GPS_FIELDS, type GpsPatch, type GpsStateView, moveGps } from "./gps-fields.ts";
import {
  checkPatch,
  FLAG,
  integer,
  oneOf,
  patchSchema,
  readState,
  type StateField,
  type StateProblem,
  text,
} from "./schema.ts";

/** The modem whose state is shown and changed: the module, its card slot and its power. */
export interface ModemState {
  readonly module: ModuleState;
  /** The modem lines, on a medium that has them. */
  readonly lines: ModemLines | undefined;
  readonly cardInserted: boolean;
  insertCard(): Promise<void>;
  pullCard(): Promise<void>;
  readonly powered: boolean;
  powerOn(): Promise<void>;
  powerOff(): Promise<void>;
}

/** The state as the control interface shows it. */
export interface ModemStateView {
  readonly power: "on" | "off";
  readonly sim: {
    readonly state: SimState;
    readonly imsi: string | null;
    readonly iccid: string | null;
    readonly number: string | null;
    readonly provider: string | null;
  };
  readonly radio: Pick<Surroundings, "technology" | "operator" | "lac" | "cell"> &
    SignalQuality & { readonly registration: Registration };
  readonly packet: { readonly attached: boolean; readonly address: string };
  readonly clock: { readonly time: string };
  readonly card: { readonly inserted: boolean };
  /** What the far end of an outgoing call does. */
  readonly calls: { readonly outgoing: FarEnd };
  /** What the network says to codes. */
  readonly ussd: UssdTable;
  readonly gps: GpsStateView;
  /** What the board around the module supplies; and the levels of pins, by number. */
  readonly hardware: Board & { readonly pins: Readonly<Record<string, Level>> };
  /** Null on a medium without modem lines. */
  readonly lines: Readonly<Record<"dtr" | "rts" | "dcd" | "dsr" | "cts" | "ri", boolean>> | null;
}

/** A patch of a modem that {@link checkModemPatch} has found right. */
export interface ModemPatch {
  readonly power?: "on" | "off";
  readonly sim?: { readonly state?: SimChoice; readonly pin?: string; readonly provider?: string };
  readonly radio?: Partial<Omit<Surroundings, "operator" | "signal"> & SignalQuality> & {
    readonly operator?: Partial<Operator>;
  };
  readonly packet?: { readonly attached?: boolean };
  readonly clock?: { readonly time?: string };
  readonly card?: { readonly inserted?: boolean };
  readonly calls?: { readonly outgoing?: FarEnd };
  /** Replaces the whole table. */
  readonly ussd?: UssdTable;
  readonly gps?: GpsPatch;
  readonly hardware?: Partial<Board> & { readonly pins?: Readonly<Record<string, Level>> };
  readonly lines?: { readonly ri?: boolean };
}

/** Fits between the quotes of AT+COPS, and into the bytes of the line. */
const NAME = text(/^[ !#-~\u00a0-\u00ff]{1,80}$/u, "1 to 80 characters of ISO 8859-1 without quotes");
const PLMN = text(/^\d{5,6}$/, "5 or 6 digits, the codes of country and network");
const PIN = text(/^\d{4,8}$/, "4 to 8 digits");
/** Fits into the file of the card that keeps it (3GPP TS 31.102 4.2.12). */
const PROVIDER = text(/^[ !#-~]{0,16}$/, "at most 16 characters of ASCII without quotes");
const TIME = text(
  /^\d{4}-\d\d-\d\dT/,
  "a time like 2010-02-05T12:00:00+08:00",
  (value) => parseIsoTime(value) !== undefined,
);

/**
 * The state of a modem, field by field, as the control interface shows and patches it (instrument 3). `radio` shows what the
 * surroundings offer, but for `registration`, `rssi` and `ber`, which show what the module makes of them.
 */
const MODEM_STATE_FIELDS: readonly StateField<ModemState>[] = [
  { path: "power", rule: oneOf(["on", "off"]), read: ({ powered }) => (powered ? "on" : "off") },
  { path: "sim.state", rule: oneOf(SIM_STATES), read: ({ module }) => module.sim.state },
  { path: "sim.pin", rule: PIN },
  { path: "sim.imsi", read: ({ module }) => module.sim.card?.imsi ?? null },
  { path: "sim.iccid", read: ({ module }) => module.sim.card?.iccid ?? null },
  { path: "sim.number", read: ({ module }) => module.sim.card?.number ?? null },
  { path: "sim.provider", rule: PROVIDER, read: ({ module }) => module.sim.card?.provider ?? null },
  {
    path: "radio.registration",
    rule: oneOf(Object.keys(REGISTRATION)),
    read: ({ module }) => module.radio.registration,
  },
  { path: "radio.technology", rule: oneOf(Object.keys(TECHNOLOGY)), read: around(({ technology }) => technology) },
  { path: "radio.operator.long", rule: NAME, read: around(({ operator }) => operator.long) },
  { path: "radio.operator.short", rule: NAME, read: around(({ operator }) => operator.short) },
  { path: "radio.operator.numeric", rule: PLMN, read: around(({ operator }) => operator.numeric) },
  { path: "radio.rssi", rule: integer(0, 31, [99]), read: ({ module }) => module.radio.signal.rssi },
  { path: "radio.ber", rule: integer(0, 7, [99]), read: ({ module }) => module.radio.signal.ber },
  { path: "radio.lac", rule: integer(0, 0xffff), read: around(({ lac }) => lac) },
  { path: "radio.cell", rule: integer(0, 0xffff_ffff), read: around(({ cell }) => cell) },
  { path: "packet.attached", rule: FLAG, read: ({ module }) => module.packetService.attached },
  { path: "packet.address", read: ({ module }) => module.packetService.address },
  { path: "clock.time", rule: TIME, read: ({ module }) => formatIsoTime(module.rtc.now()) },
  { path: "lines.dtr", read: wire(({ inputs }) => inputs.dtr) },
  { path: "lines.rts", read: wire(({ inputs }) => inputs.rts ?? null) },
  { path: "lines.dcd", read: wire(({ outputs }) => outputs.dcd) },
  { path: "lines.dsr", read: wire(({ outputs }) => outputs.dsr) },
  { path: "lines.cts", read: wire(({ outputs }) => outputs.cts) },
  { path: "lines.ri", rule: FLAG, read: wire(({ outputs }) => outputs.ri) },
  { path: "card.inserted", rule: FLAG, read: ({ cardInserted }) => cardInserted },
  { path: "calls.outgoing", rule: oneOf(FAR_ENDS), read: ({ module }) => module.calls.farEnd },
  { path: "hardware.charge", rule: integer(0, 100), read: ({ module }) => module.hardware.board.charge },
  { path: "hardware.voltage", rule: integer(0, 9999), read: ({ module }) => module.hardware.board.voltage },
  { path: "hardware.temperature", rule: integer(-40, 125), read: ({ module }) => module.hardware.board.temperature },
  { path: "hardware.adc", rule: integer(0, 9999), read: ({ module }) => module.hardware.board.adc },
  { path: "hardware.pins", rule: PIN_LEVELS, read: ({ module }) => module.hardware.levels },
  { path: "ussd", rule: USSD_TABLE, read: ({ module }) => module.ussd.table },
  ...GPS_FIELDS,
];

function wire(read: (lines: ModemLines) => boolean | null): (modem: ModemState) => unknown {
  return ({ lines }) => (lines === undefined ? null : read(lines));
}

function around(read: (surroundings: Surroundings) => unknown): (modem: ModemState) => unknown {
  return ({ module }) => read(module.radio.surroundings);
}

/** The state of a modem, as values of JSON. */
export function readModemState(modem: ModemState): ModemStateView {
  const state = readState(MODEM_STATE_FIELDS, modem) as unknown as ModemStateView;
  return modem.lines === undefined ? { ...state, lines: null } : state;
}

/** What {@link checkModemPatch} accepts, as JSON Schema. */
export function modemPatchSchema(): JsonSchema {
  return patchSchema(MODEM_STATE_FIELDS);
}

/** Checks each field of a patch by its rule, whatever the modem is like. */
export function checkStatePatch(patch: unknown): StateProblem | undefined {
  return checkPatch(MODEM_STATE_FIELDS, patch);
}

/** Checks a patch as a whole: each field by its rule, and that what is for a card has one to go to. */
export function checkModemPatch({ module, lines: wires }: ModemState, patch: unknown): StateProblem | undefined {
  const problem = checkStatePatch(patch);
  if (problem !== undefined) return problem;
  const { sim, lines } = patch as ModemPatch;
  if (lines !== undefined && wires === undefined) {
    return { at: "/lines", message: "cannot be driven: the medium has no modem lines", isConflict: true };
  }
  const absent = sim?.state === undefined ? module.sim.card === undefined : sim.state === "absent";
  const needing = (["pin", "provider"] as const).find((name) => sim?.[name] !== undefined);
  return needing !== undefined && absent ? { at: `/sim/${needing}`, message: "needs a SIM in the slot" } : undefined;
}

/**
 * Changes the state of a modem. Resolves when the changes hold; a module that is switched on is ready then. Rejects with an
 * `NvramError`, and changes nothing, where the disk refuses to keep the SIM or the clock.
 */
export async function applyModemPatch(modem: ModemState, patch: ModemPatch): Promise<void> {
  const { module } = modem;
  const { sim = {}, radio, packet, clock, card, calls, ussd, gps, hardware = {}, lines, power } = patch;
  const time = clock?.time === undefined ? undefined : parseIsoTime(clock.time);
  // Only these two can fail. Begun together they share one write of NVRAM, so that both hold or neither.
  const stored = await Promise.allSettled([changeSim(module, sim), time && module.rtc.set(time)]);
  for (const outcome of stored) if (outcome.status === "rejected") throw outcome.reason;
  if (radio !== undefined) moveRadio(module, radio);
  if (packet?.attached !== undefined) module.packetService.want(packet.attached);
  if (calls?.outgoing !== undefined) module.calls.farEnd = calls.outgoing;
  if (ussd !== undefined) module.ussd.table = ussd;
  if (gps !== undefined) moveGps(module.gps, gps);
  const { pins = {}, ...board } = hardware;
  module.hardware.board = { ...module.hardware.board, ...board };
  module.hardware.apply(pins);
  if (card?.inserted !== undefined) await (card.inserted ? modem.insertCard() : modem.pullCard());
  if (lines !== undefined) modem.lines?.set(lines);
  if (power !== undefined) await (power === "on" ? modem.powerOn() : modem.powerOff());
}

/** Makes one change of the card, so that all of it holds or nothing. */
async function changeSim({ sim }: ModuleState, patch: NonNullable<ModemPatch["sim"]>): Promise<void> {
  const { state, ...edited } = patch;
  if (state !== undefined && (state !== sim.state || edited.pin !== undefined)) {
    await sim.insert(cardInState(state, edited.pin, { ...sim.lastCard, ...edited }));
  } else if (Object.keys(edited).length > 0) {
    await sim.edit(edited);
  }
}

/** Makes one move of all fields, so that each change is reported once. */
function moveRadio({ radio }: ModuleState, patch: NonNullable<ModemPatch["radio"]>): void {
  const { operator, rssi, ber, ...rest } = patch;
  const { surroundings } = radio;
  const before = surroundings.signal.kind === "fixed" ? surroundings.signal : radio.signal;
  const signal = { kind: "fixed", rssi: rssi ?? before.rssi, ber: ber ?? before.ber } as const;
  radio.move({
    ...rest,
    operator: { ...surroundings.operator, ...operator },
    ...(rssi === undefined && ber === undefined ? {} : { signal }),
  });
}
