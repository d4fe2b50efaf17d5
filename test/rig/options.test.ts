import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/platform/usage-error.ts";
import { WrongValue } from "../../src/rig/option-kinds.ts";
import { OPTIONS } from "../../src/rig/option-table.ts";
import type { OptionDefinition } from "../../src/rig/option-tables/definition.ts";
import { checkModemOptions, checkRigOptions, type RigModemOptions } from "../../src/rig/options.ts";

/** Wrong values of each kind of option; the text of the command line and values of the API. */
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  faults: [1, "latency", { kind: "nothing" }, { kind: "latency" }, [{ kind: "mute", id: 3 }]],
  scenario: ["", "a\0b", 3, null, true],
  flag: ["yes", 1, null],
  path: ["", "a\0b", 3, null, true],
  choice: ["klingon", "", 1, null, "__proto__"],
  number: ["fast", "", "0x10", " 1", 0, -1, 1e9, Number.NaN, Number.POSITIVE_INFINITY, "Infinity", "NaN", null, true],
  integer: ["fast", "", "1.5", 1.5, -1, 2 ** 40, Number.NaN, Number.POSITIVE_INFINITY, null, true, [9600]],
  duration: ["soon", "", "-1", "5d", "ms", "1 s", -1, 1e12, Number.NaN, Number.POSITIVE_INFINITY, null, true],
  address: ["70000", "x", "1.2.3.4.5:1", "localhost", "", -1, 65_536, 1.5, Number.NaN, null],
  ip: ["localhost", "", "1.2.3", "name", "127.0.0.1:80", "[::1]", 5, null],
  permissions: ["888", "66", "06600", "rw", "", 0o1000, 660, -1, 1.5, Number.NaN, null],
  group: ["", "-x", "a b", "a:b", "1.5", -1, 1.5, 2 ** 40, Number.NaN, null],
  token: ["with a blank", "", "x".repeat(257), 12345678, null],
  types: ["host,guest", "", "host,", 1, null, ["nothing"]],
  modem: ["1", "m0", "m", "", "mm1", 1, null],
  masks: ["(", "[", ["a", "*"]],
  pin: ["12", "123456789", "12a4", "", 1234, null],
  clock: ["yesterday", "2010-02-30T00:00:00Z", "2010-02-05T12:00:00+08:07", "2010-02-05T12:00:00Z,-1", "", 5, null],
  rules: ["nothing", "a=b:99999", "a=b=c", "=b", "", 5, null, ["a=b", "nothing"]],
  size: ["much", "", "1.5M", "-1", "16T", "9999G", -1, Number.NaN, null, true],
  reports: ["report", "a.txt", "", "a\0.xml", 3, null, ["a.xml", "b"], ["a.xml", "a.xml"]],
  sizes: [
    "8M",
    "C=",
    "C=8T",
    "E=8M",
    "C=1,C=2",
    "C=-1",
    "C=1.5M",
    "C=9999G",
    "",
    5,
    null,
    { C: -1 },
    { E: 1 },
    { C: Number.NaN },
  ],
};

const definitions = Object.entries<OptionDefinition>(OPTIONS);
const ofModem = definitions.filter(([, { scope }]) => scope === "modem");

describe.each(ofModem)("the option %s of a modem", (name, { kind, needs }) => {
  test.each(WRONG[kind.kind] ?? [])("refuses %j, by name", (value) => {
    const given = { ...(needs === undefined ? {} : { [needs[0] ?? ""]: "x" }), [name]: value };
    expect(() => checkModemOptions(given)).toThrow(UsageError);
    expect(() => checkModemOptions(given)).toThrow(new RegExp(`^${name}( |:)`));
  });
});

const ofProgram = definitions.filter(([, { scope }]) => scope === "program");

describe.each(ofProgram)("the option %s of the program", (_, { kind }) => {
  test.each(WRONG[kind.kind] ?? [])("refuses %j", (value) => {
    expect(() => kind.read(value)).toThrow(WrongValue);
  });
});

test("a report is of the form that its name ends in", () => {
  expect(OPTIONS.report.kind.read(["a.xml", "b/c.JSON", "d.jsonl", "e.x.html"])).toEqual([
    { path: "a.xml", form: "xml" },
    { path: "b/c.JSON", form: "json" },
    { path: "d.jsonl", form: "jsonl" },
    { path: "e.x.html", form: "html" },
  ]);
  expect(OPTIONS.journal.kind.read("2k")).toBe(2048);
});

test("each kind of option has wrong values in the table", () => {
  expect(definitions.filter(([, { kind }]) => WRONG[kind.kind] === undefined)).toEqual([]);
});

test("the type of a modem's options names those of the table", () => {
  const named: Readonly<Record<keyof Required<RigModemOptions>, true>> = {
    link: true,
    mode: true,
    group: true,
    tcp: true,
    rfc2217: true,
    serial: true,
    baud: true,
    stdio: true,
    resolve: true,
    dialect: true,
    identity: true,
    sim: true,
    pin: true,
    state: true,
    efs: true,
    efsSize: true,
    noCard: true,
    clock: true,
    nmeaLink: true,
    gpsTrack: true,
    gpsWeekRollover: true,
    serverAddress: true,
    bootTime: true,
    packetGap: true,
    timeoutScale: true,
  };
  expect(Object.keys(named).toSorted()).toEqual(ofModem.map(([name]) => name).toSorted());
});

test.each(definitions.filter(([, definition]) => definition.default !== undefined))(
  "the default of %s is a value of its kind",
  (_, { kind, default: value }) => {
    expect(kind.read(value)).toEqual(value);
  },
);

test("without options a modem has a pseudo-terminal, and the defaults of the table", () => {
  expect(checkModemOptions({})).toEqual({
    medium: { kind: "pty", link: undefined, mode: undefined, group: undefined },
    resolve: [],
    dialect: "manual",
    identity: "wcdma",
    sim: undefined,
    state: undefined,
    efs: { directory: undefined, sizes: {}, card: true },
    clock: undefined,
    nmeaLink: undefined,
    gpsTrack: undefined,
    gpsWeekRollover: false,
    serverAddress: "127.0.0.1",
    bootTime: 0,
    packetGap: undefined,
    timeoutScale: 1,
  });
});

const pty = { kind: "pty", link: undefined, mode: undefined, group: undefined };

test.each([
  [
    { identity: "sim5320", link: "/tmp/m2" },
    { identity: "sim5320", medium: { ...pty, link: "/tmp/m2" } },
  ],
  [{ mode: "660", group: "dialout" }, { medium: { ...pty, mode: 0o660, group: "dialout" } }],
  [{ mode: 0o600, group: "20" }, { medium: { ...pty, mode: 0o600, group: 20 } }],
  [{ tcp: 0 }, { medium: { kind: "tcp", local: { host: "127.0.0.1", port: 0 } } }],
  [{ tcp: "[::1]:7" }, { medium: { kind: "tcp", local: { host: "::1", port: 7 } } }],
  [{ serial: "/dev/ttyS0" }, { medium: { kind: "serial", path: "/dev/ttyS0", baud: 115_200 } }],
  [{ serial: "/dev/ttyS0", baud: "9600" }, { medium: { kind: "serial", path: "/dev/ttyS0", baud: 9600 } }],
  [{ stdio: true }, { medium: { kind: "stdio" } }],
  [{ stdio: false, link: "/m" }, { medium: { ...pty, link: "/m" } }],
  [{ "boot-time": 5000 }, { bootTime: 5000 }],
  [{ bootTime: "1.5s" }, { bootTime: 1500 }],
  [{ packetGap: "200" }, { packetGap: 200 }],
  [{ packetGap: "1m" }, { packetGap: 60_000 }],
  [{ timeoutScale: "1e-2" }, { timeoutScale: 0.01 }],
  [{ "no-card": true, efs: "/e" }, { efs: { directory: "/e", sizes: {}, card: false } }],
  [{ efsSize: "c=8M,D=1K" }, { efs: { directory: undefined, sizes: { C: 8_388_608, D: 1024 }, card: true } }],
  [{ efsSize: { D: 5 } }, { efs: { directory: undefined, sizes: { D: 5 }, card: true } }],
  [{ sim: "absent" }, { sim: { inserted: undefined } }],
  [{ clock: "2010-02-05T12:00:00Z,0" }, { clock: { epoch: Date.UTC(2010, 1, 5, 12), zone: 0, scale: 0 } }],
  [{ link: undefined }, {}],
])("%j is understood", (given, expected) => {
  expect(checkModemOptions(given as RigModemOptions)).toMatchObject(expected);
});

test("--pin alone inserts a ready SIM with that PIN", () => {
  expect(checkModemOptions({ pin: "0042" }).sim?.inserted).toMatchObject({ pin: "0042", locked: false });
});

test.each([
  [{ lnik: "/m" }, "unknown option lnik; did you mean link?"],
  [{ sandbox: true }, "unknown option sandbox"],
  [{ json: true }, "unknown option json"],
  [{ constructor: 1 }, "unknown option constructor"],
  [{ bootTime: 1, "boot-time": 2 }, "boot-time is given twice"],
  [{ tcp: 1, stdio: true }, "tcp and stdio exclude each other"],
  [{ link: "/m", tcp: 1 }, "link and tcp exclude each other"],
  [{ mode: "660", serial: "/d" }, "mode and serial exclude each other"],
  [{ baud: 9600 }, "baud goes with serial"],
  [{ link: "/m", nmeaLink: "/m" }, "link and nmeaLink both name /m; give each a path of its own"],
  ...["nmeaLink", "gpsTrack", "gpsWeekRollover"].map((name): [object, string] => [
    { identity: "sim5216", [name]: name === "gpsWeekRollover" ? true : "/n" },
    `${name} needs AT+CGPS, which identity sim5216 does not have; wcdma, sim5218, sim5320, sim5320-b08, sim5360 have it`,
  ]),
  [[], "options: not an object"],
  ["link", "options: not an object"],
  [null, "options: not an object"],
])("%j is refused: %s", (given, message) => {
  expect(() => checkModemOptions(given as RigModemOptions)).toThrow(
    expect.objectContaining({ name: "UsageError", message }),
  );
});

test("a rig has one modem unless told otherwise", () => {
  const [modem] = checkRigOptions({}).modems;
  expect(checkRigOptions({})).toEqual({ modems: [modem], faults: [], sandbox: false, seed: undefined, time: "real" });
  const given = { modems: [], sandbox: true, seed: 7, time: "manual" } as const;
  expect(checkRigOptions(given)).toEqual({ ...given, faults: [] });
});

test.each([
  [{ modems: [{}, { bootTime: -1 }] }, /^modems\[1\]\.bootTime -1: not a time/],
  [{ modems: [{ dialekt: "field" }] }, /^unknown option modems\[0\]\.dialekt; did you mean modems\[0\]\.dialect\?$/],
  [{ modems: {} }, /^modems: not a list$/],
  [{ modems: [null] }, /^options: not an object$/],
  [{ sandbox: 1 }, /^sandbox 1: not true or false$/],
  [{ seed: 1.5 }, /^seed 1\.5: not a whole number/],
  [{ seed: -1 }, /^seed -1: not a whole number/],
  [{ sead: 1 }, /^unknown option sead; did you mean seed\?$/],
])("a rig of %j is refused, by name", (given, message) => {
  expect(() => checkRigOptions(given as object)).toThrow(message);
  expect(() => checkRigOptions(given as object)).toThrow(UsageError);
});
