import { byteCount, sliceBytes } from "../../platform/long-bytes.ts";
import { EchoLoopDetector } from "../../transport/flow/echo-loop.ts";
import type { RigEvent } from "../events.ts";
import type { WatchedEntry } from "./entry-watch.ts";
import { readEnteredRequest } from "./http-request.ts";
import { LineWatch, type TakenLine } from "./line-watch.ts";
import { LINT_RULES, type LintRule } from "./rules.ts";
import type { LintMoment, LintView } from "./view.ts";

type Printed = Extract<RigEvent, { readonly type: "module" }>;
type Unknown = Extract<RigEvent, { readonly type: "unknown" }>;

/** What a rule has found: a sentence for the host's author, and the event that shows the cause. */
export interface LintFinding {
  readonly rule: LintRule;
  readonly message: string;
  readonly cause: number;
}

/** The longest command line that SIMCom's 2G manuals promise to take. */
const LONG_LINE = 556;
/** How often at most the rate of the host's port is looked at, in milliseconds; with each line while the clock stands still. */
const RATE_INTERVAL = 1000;
/** Longer output is payload, which no terminal of a person echoes back. */
const ECHO_CHUNK = 512;
/** How many pieces of output an echo is looked for in. */
const ECHO_MEMORY = 32;

const HTTP = "+CHTTPACT";
const POP3_LOG_IN = "+POP3IN";
/** The commands that need a POP3 session. */
const POP3_COMMANDS: readonly string[] = ["+POP3NUM", "+POP3LIST", "+POP3HDR", "+POP3GET", "+POP3DEL", "+POP3OUT"];
const SEND_MAIL = "+SMTPSEND";
/** Final results that say that there is no network (27.007 9.2, 27.005 3.2.5). */
const NO_NETWORK: readonly string[] = ["+CME ERROR: 30", "+CMS ERROR: 331"];

/** Finds in the events of one modem what its host does and hardware punishes (instrument 6). */
export class Linter {
  readonly #view: LintView;
  readonly #report: (finding: LintFinding) => void;
  readonly #watch: LineWatch;
  readonly #echo = new EchoLoopDetector(() =>
    this.#find("echo-loop", "the host sends back what the module prints", this.#seq),
  );
  /** The last cause that each rule was found at. */
  readonly #found = new Map<LintRule, number>();
  /** What the module has said since the host has last sent anything but a command line. */
  readonly #said: string[] = [];
  #seq = 0;
  /** The modem as it was when it was last looked at. */
  #moment: LintMoment = { terminator: "\r", simReady: true, registered: true, pop3Session: false, recipients: [] };
  /** The last command that began, and its event. */
  #command = { name: "", seq: 0 };
  #rateChecked = Number.NEGATIVE_INFINITY;
  #saidRate: number | undefined;
  /** A request without Host, until its answer shows whether an HTTP server has got it. */
  #withoutHost: { readonly cause: number; answer: string } | undefined;

  constructor(view: LintView, report: (finding: LintFinding) => void) {
    this.#view = view;
    this.#report = report;
    this.#watch = new LineWatch(
      {
        lineTaken: (line) => this.#lineTaken(line),
        lineFeedTyped: (cause) => this.#find("line-feed-only", "a command line ends with LF alone", cause),
        flooded: (name, cause) => this.#flooded(name, cause),
        prompted: (name, stray, cause) => this.#prompted(name, stray, cause),
        entryEnded: (entry) => this.#entryEnded(entry),
        wentOn: ({ name }, cause) =>
          this.#find("unescaped", `the data of ${name} go on after a Ctrl-Z, which has ended them`, cause),
      },
      view,
    );
  }

  take(event: RigEvent, moment: LintMoment = this.#moment): void {
    this.#seq = event.seq;
    this.#moment = moment;
    this.#watch.take(event, moment.terminator);
    switch (event.type) {
      case "host":
        if (!this.#watch.entering) this.#lookForEcho(event.bytes);
        break;
      case "module":
        this.#printed(event);
        break;
      case "line":
        this.#checkRate(event.seq, event.at);
        break;
      case "command":
        this.#commandBegun(event.name, event.form, event.seq);
        break;
      case "result":
        if (NO_NETWORK.includes(event.result)) this.#withoutNetwork(event.name, this.#command.seq);
        break;
      case "connection":
        if (!this.#moment.registered && (event.phase === "resolve" || event.phase === "connect")) {
          this.#withoutNetwork(this.#command.name, this.#command.seq);
        }
        break;
      case "unknown":
        this.#unknown(event);
        break;
      default:
        break;
    }
  }

  /** Reports a finding once for each cause. */
  #find(rule: LintRule, what: string, cause: number): void {
    if (this.#found.get(rule) === cause) return;
    this.#found.set(rule, cause);
    this.#report({ rule, message: `${what}; ${LINT_RULES[rule].remedy}`, cause });
  }

  #lineTaken({ length, early, cause }: TakenLine): void {
    if (early)
      this.#find("early-command", "a command line ended before the final result code of the one before", cause);
    if (length > LONG_LINE) this.#find("long-line", `a command line of ${length} characters`, cause);
  }

  #commandBegun(name: string, form: string, seq: number): void {
    this.#command = { name, seq };
    if (form === "test" || form === "read") return;
    const { simReady, pop3Session, recipients } = this.#moment;
    if (!simReady && this.#view.isService(name)) this.#find("needs-network", `${name} without a ready SIM`, seq);
    if (POP3_COMMANDS.includes(name) && !pop3Session)
      this.#find("stale-session", `${name} without a POP3 session`, seq);
    if (name === POP3_LOG_IN && pop3Session) this.#find("stale-session", `${name} during a POP3 session`, seq);
    if (name === SEND_MAIL) {
      const again = firstRepeated(recipients.map((address) => address.toLowerCase()));
      if (again !== undefined) this.#find("repeated-recipient", `${again} is a recipient twice`, seq);
    }
  }

  #withoutNetwork(name: string, cause: number): void {
    this.#find("needs-network", `${name === "" ? "the network is used" : name} without registration`, cause);
  }

  #unknown({ text, nearest, lacking, seq }: Unknown): void {
    const meant = nearest.length > 0 ? ` (nearest: ${nearest.join(", ")})` : "";
    this.#find("unknown-command", `${text} is unknown${lacking === true ? " to this identity" : meant}`, seq);
  }

  #flooded(name: string, cause: number): void {
    if (!this.#view.flowControl)
      this.#find("flow-control", `more than 2 KiB came while ${name} ran, with AT+IFC=0,0`, cause);
  }

  #prompted(name: string, stray: number, cause: number): void {
    if (stray === 0) return;
    const lost = stray === 1 ? "1 byte, which is lost," : `${stray} bytes, which are lost,`;
    this.#find("early-data", `${lost} came before the prompt of ${name}`, cause);
  }

  #entryEnded(entry: WatchedEntry): void {
    const { name, outcome, escapedEnd, cause } = entry;
    if (escapedEnd !== undefined) {
      const then = escapedEnd === "again" ? "a second Ctrl-Z followed" : "the data did not end";
      this.#find(
        "unescaped",
        `the data of ${name} end with ETX and Ctrl-Z, which is a Ctrl-Z of the data: ${then}`,
        cause,
      );
    } else if (outcome === "silent") this.#find("unended", `the data of ${name} did not end`, cause);
    if (name === HTTP && entry.terminated) this.#requested(entry);
  }

  #requested({ head, size, cause }: WatchedEntry): void {
    // What is longer than what is kept is not whole here.
    const request = size > head.length ? undefined : readEnteredRequest(head);
    if (request === undefined) return;
    const { repaired, lacksHost, missing } = request;
    if (repaired !== undefined) this.#find("http-header", `a request had to be repaired: ${repaired}`, cause);
    else if (lacksHost) this.#withoutHost = { cause, answer: "" };
    if (missing > 0) {
      this.#find("unescaped", `the body of a request is ${missing} bytes shorter than its Content-Length`, cause);
    }
  }

  #printed(event: Printed): void {
    if (!this.#watch.entering && byteCount(event) <= ECHO_CHUNK) {
      this.#said.push(event.bytes);
      if (this.#said.length > ECHO_MEMORY) this.#said.shift();
    }
    if (this.#withoutHost !== undefined) this.#answered(this.#withoutHost, sliceBytes(event, 0, 1024));
  }

  /** A command line is no echo, and nearly all that a host sends: what the module says is looked at with the rest only. */
  #lookForEcho(bytes: string): void {
    if (/^a[t/][^\r]*\r\n?$/i.test(bytes)) return;
    for (const said of this.#said.splice(0)) this.#echo.sent(Buffer.from(said, "latin1"));
    this.#echo.received(Buffer.from(bytes.slice(0, ECHO_CHUNK + 1), "latin1"));
  }

  /** A caster that says ICY speaks no HTTP and needs no Host. */
  #answered(request: { readonly cause: number; answer: string }, bytes: string): void {
    request.answer = `${request.answer}${bytes}`.slice(-2048);
    const found = /\+CHTTPACT: (?:DATA, ?\d+\r\n([\s\S]{4})|\d)/.exec(request.answer);
    if (found === null) return;
    this.#withoutHost = undefined;
    if (found[1]?.toLowerCase() === "icy ") return;
    this.#find("http-header", "a request is HTTP/1.1 and has no Host field", request.cause);
  }

  /** Compares the rate of the host's port with AT+IPR. The host may be about to follow a change: then one of the two fits. */
  #checkRate(seq: number, at: number): void {
    if (at > this.#rateChecked && at < this.#rateChecked + RATE_INTERVAL) return;
    this.#rateChecked = at;
    const { moduleRate } = this.#view;
    void this.#view.hostRate().then((rate) => {
      if (rate === undefined || [moduleRate, this.#view.moduleRate].some((own) => own === 0 || own === rate)) {
        this.#saidRate = undefined;
      } else if (rate !== this.#saidRate) {
        this.#saidRate = rate;
        this.#find("baud", `the host's port is set to ${rate} bit/s and AT+IPR to ${moduleRate}`, seq);
      }
    });
  }
}

function firstRepeated(texts: readonly string[]): string | undefined {
  return texts.find((text, index) => texts.indexOf(text) < index);
}
