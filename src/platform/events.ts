/** What the rig's events say, besides the number, the time and the modem that the journal adds (instrument 2). */
export type EventBody =
  /** Bytes came from the host, or went to it: one code point 0-255 a byte. Many of them may be lent (`long-bytes.ts`). */
  | { readonly type: "module"; readonly bytes: string }
  /** `typed`: not the host sent them, they were typed in its place. */
  | { readonly type: "host"; readonly bytes: string; readonly typed?: true }
  | { readonly type: "line"; readonly text: string }
  | {
      readonly type: "command";
      readonly name: string;
      readonly form: CommandForm;
      readonly arguments: readonly unknown[];
    }
  | { readonly type: "result"; readonly name: string; readonly result: string; readonly ms: number }
  | {
      readonly type: "unknown";
      readonly text: string;
      readonly nearest: readonly string[];
      /** Other identities have the command. */
      readonly lacking?: true;
    }
  | { readonly type: "urc"; readonly text: string }
  | ({ readonly type: "entry"; readonly name: string } & EntryPhase)
  | ({ readonly type: "connection"; readonly id: number; readonly service: ConnectionService } & ConnectionPhase)
  /** Bytes on a connection, when the network is journaled. */
  | { readonly type: "sent" | "received"; readonly id: number; readonly bytes: string }
  | {
      readonly type: "file";
      readonly path: string;
      readonly action: "written" | "removed" | "renamed" | "made";
      readonly size?: number;
      readonly to?: string;
    }
  | { readonly type: "state"; readonly what: StateName; readonly value: unknown }
  | {
      readonly type: "mail";
      readonly from: string;
      readonly recipients: readonly string[];
      readonly subject: string;
      readonly size: number;
    }
  | { readonly type: "request"; readonly method: string; readonly target: string; readonly status: number }
  | { readonly type: "upload"; readonly path: string; readonly size: number };

export type CommandForm = "test" | "read" | "write" | "execute";

type EntryPhase =
  /** `early`: what the host has sent before the prompt belongs to the data. */
  | { readonly phase: "begin"; readonly early?: true }
  | { readonly phase: "end"; readonly bytes: number; readonly outcome: "ended" | "escaped" | "silent" | "cut" };

export type ConnectionService = "smtp" | "pop3" | "ftp" | "ftp-data" | "http" | "tcp" | "udp";

interface ConnectionPhase {
  readonly phase: "resolve" | "connect" | "open" | "end" | "fail";
  readonly host?: string;
  readonly port?: number;
  readonly error?: string;
  readonly sent?: number;
  readonly received?: number;
}

export type StateName =
  | "registration"
  | "sim"
  | "attached"
  | "power"
  | "signal"
  | "lines"
  | "card"
  | "clock"
  | "gps"
  | "pin";

/**
 * The port to the observers of the rig: the journal and its readers. Emitting is synchronous and never throws; a listener
 * copies what it keeps.
 */
export interface Events {
  /** Whether there is a listener. Code that builds a costly event asks first. */
  readonly active: boolean;
  emit(event: EventBody): void;
}

/** Events without a listener. */
export const noEvents: Events = { active: false, emit: () => undefined };

/** One that hears events on their way. */
export interface EventObserver {
  isListening(): boolean;
  hear(event: EventBody): void;
}

/** The same events, which an observer hears, too, after those behind. */
export class ObservedEvents implements Events {
  readonly #events: Events;
  readonly #observer: EventObserver;

  constructor(events: Events, observer: EventObserver) {
    this.#events = events;
    this.#observer = observer;
  }

  get active(): boolean {
    return this.#events.active || this.#observer.isListening();
  }

  emit(event: EventBody): void {
    this.#events.emit(event);
    this.#observer.hear(event);
  }
}
