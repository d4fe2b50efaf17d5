import type { Events } from "../platform/events.ts";
import { LOG_LEVELS, type Log, type LogLevel, type LogRecord } from "../platform/log.ts";
import { Journal, type JournalParts } from "./journal.ts";
import { RigLint } from "./lint/rig-lint.ts";
import { lintView } from "./lint/view.ts";
import { Redaction } from "./redaction/redaction.ts";
import type { RigModem } from "./rig-modem.ts";

/** What a rig with a journal keeps and looks at. A rig without one does not load it: it starts faster. */
export class Observation {
  readonly journal: Journal;
  readonly #lint: RigLint;
  readonly #masksHost: boolean;

  constructor({ redact, ...parts }: JournalParts & { readonly redact: boolean }) {
    this.journal = new Journal(parts);
    this.#lint = new RigLint(this.journal);
    this.#masksHost = redact;
  }

  /** The port of a modem to the journal, which masks its secrets. */
  events(id: string): Events {
    const redaction = new Redaction({ host: this.#masksHost });
    return this.journal.port(id, {
      momentOf: (event) => this.#lint.momentOf(id, event),
      refine: (event) => redaction.redact(event),
    });
  }

  /** The same log, of which the journal takes down what is at a level or above. */
  log(log: Log, level: LogLevel): Log {
    const events = this.journal.port();
    const at = (name: Exclude<LogLevel, "silent">) => {
      if (LOG_LEVELS.indexOf(name) > LOG_LEVELS.indexOf(level)) return (record: LogRecord) => log[name](record);
      return (record: LogRecord) => {
        log[name](record);
        events.emit({ ...record, type: "log", level: name });
      };
    };
    return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
  }

  /** Looks at the host of a modem from now on. */
  add(modem: RigModem): void {
    this.#lint.add(modem.id, lintView(modem));
  }

  remove(id: string): void {
    this.#lint.remove(id);
  }

  /** Forgets what has happened so far. */
  restart(): void {
    this.journal.clear();
    this.#lint.restart();
  }
}
