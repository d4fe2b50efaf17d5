import { callReference } from "./calls.ts";
import { fileReference } from "./files.ts";
import { ftpReference } from "./ftp.ts";
import { ftpsReference } from "./ftps.ts";
import { gpsReference } from "./gps.ts";
import { hardwareReference } from "./hardware.ts";
import { lineReference } from "./line.ts";
import { mailReference } from "./mail.ts";
import { messageReference } from "./messages.ts";
import { networkReference } from "./network.ts";
import { phoneBookReference } from "./phone-book.ts";
import { simReference } from "./sim.ts";
import { socketReference } from "./sockets.ts";
import { statusReference } from "./status.ts";
import { timeReference } from "./time.ts";
import { tlsReference } from "./tls.ts";

/** What a parameter means, with its unit; or what each of its values means. */
export type Meaning = string | Readonly<Record<string, string>>;

/**
 * How data entry behind a prompt ends: `etx` by Ctrl-Z, with ETX before each ETX and Ctrl-Z of the data; `text` by Ctrl-Z, and
 * ESC gives it up; `counted` with the number of bytes that the command has named.
 */
export type EntryKind = "etx" | "text" | "counted";

/** What the host does in an example: a command line, the data at its prompt, or a wait for what the module prints later. */
export type ExampleStep = string | { readonly data: string } | { readonly until: string };

/** What a user must know of a command besides its definition. What is left out is derived from the definition. */
export interface CommandReference {
  /** The syntax of the write form, where it is not that of all commands. */
  readonly syntax?: string;
  /** By the name of the parameter. */
  readonly parameters?: Readonly<Record<string, Meaning>>;
  /** The information responses, with what varies in angle brackets. */
  readonly responses?: readonly string[];
  /** When it answers which code, besides wrong parameters and a missing PIN. */
  readonly codes?: Readonly<Record<string, string>>;
  /** The unsolicited lines that it causes or switches on, and when they come. */
  readonly urcs?: Readonly<Record<string, string>>;
  readonly entry?: EntryKind;
  /** Runs on a module as it starts, with the sandbox. */
  readonly example?: readonly ExampleStep[];
}

/** References by the name of the command. */
export type References = Readonly<Record<string, CommandReference>>;

const ALL: References = {
  ...lineReference,
  ...statusReference,
  ...hardwareReference,
  ...simReference,
  ...networkReference,
  ...socketReference,
  ...tlsReference,
  ...ftpsReference,
  ...timeReference,
  ...gpsReference,
  ...callReference,
  ...messageReference,
  ...phoneBookReference,
  ...mailReference,
  ...ftpReference,
  ...fileReference,
};

/** What is said of a command beside its definition. */
export function referenceOf(name: string): CommandReference {
  return Object.hasOwn(ALL, name) ? (ALL[name] ?? {}) : {};
}
