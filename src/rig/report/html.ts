import type { RigEvent, RigEventType } from "../events.ts";
import type { SessionSummary } from "./summary.ts";
import { visibleBytes } from "./visible-bytes.ts";

/** How many events the page shows: browsers get slow with more. */
const SHOWN = 20_000;
/** How much of a payload it shows, in characters. */
const PAYLOAD = 2000;

const STYLE = `
:root{color-scheme:light dark;--host:#dbeafe;--module:#e7f5e4;--bad:#b91c1c;--dim:#6b7280}
@media(prefers-color-scheme:dark){:root{--host:#1e3a5f;--module:#1f3d26;--bad:#f87171;--dim:#9ca3af}}
body{font:14px/1.45 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem;display:flex;flex-direction:column}
header{order:-1}h1{font-size:1.3rem}table{border-collapse:collapse}td,th{text-align:left;padding:.1rem .8rem .1rem 0;vertical-align:top}
main{display:flex;flex-direction:column;gap:.3rem;margin-top:1rem}
.e{display:flex;gap:.6rem;align-items:baseline}.e>time{color:var(--dim);font-variant-numeric:tabular-nums;flex:0 0 5.5rem;text-align:right}
pre{margin:0;font:13px/1.4 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.host>pre,.module>pre{padding:.25rem .6rem;border-radius:.5rem;max-width:75%}
.host>pre{background:var(--host)}.module>pre{background:var(--module);margin-left:auto}.other>pre{color:var(--dim);margin:0 auto}
.bad>pre,.bad{color:var(--bad);font-weight:600}`;

/** Events that stand out. */
const BAD: readonly RigEventType[] = ["unknown", "lint", "fault"];

/** A session as one page that needs nothing else: the conversation of host and modules, written as it goes on. */
export class HtmlReport {
  #events = 0;
  #written = 0;

  /** The beginning of the page. */
  begin(): string {
    return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>vmodem session</title><style>${STYLE}</style><body><main>\n`;
  }

  /** What the page says of an event, possibly nothing. */
  row(event: RigEvent): string {
    this.#events++;
    if (this.#written >= SHOWN || event.type === "line" || event.type === "urc") return "";
    this.#written++;
    const { type } = event;
    const failed = type === "result" && !["OK", "NONE", "CONNECT"].includes(event.result);
    const side = type === "host" || type === "module" ? type : "other";
    const who = event.modem === undefined ? "" : `${event.modem} `;
    const seconds = (event.at / 1000).toFixed(3);
    const text =
      "bytes" in event && typeof event.bytes === "string" ? visibleBytes(event.bytes, PAYLOAD) : describe(event);
    return `<div class="e ${side}${failed || BAD.includes(type) ? " bad" : ""}" id="e${event.seq}"><time>${who}${seconds}</time><pre>${html(text)}</pre></div>\n`;
  }

  /** The end of the page, with the summary, which stands at its top. */
  end(summary: SessionSummary): string {
    const rest = this.#events > SHOWN ? "<p>Later events are left out; --report FILE.jsonl has all of them.</p>" : "";
    const rows: (readonly [string, string])[] = [
      ["began", `${html(summary.started)}, took ${(summary.duration / 1000).toFixed(1)} s`],
      ["vmodem", `${html(summary.version)}, seed ${summary.seed}`],
      ...(summary.exitCode === undefined ? [] : [["exit code", String(summary.exitCode)] as const]),
      ["commands", html(describeCommands(summary))],
      ...summary.lint
        .slice(0, 50)
        .map(
          ({ rule, message, cause }) => ["lint", `<a href="#e${cause}">${html(rule)}</a>: ${html(message)}`] as const,
        ),
      ...summary.expectations.map(({ name, problem }) => ["expected", html(`${name}: ${problem ?? "met"}`)] as const),
      ...summary.faults.map(({ id, kind, fired }) => ["fault", html(`${id} (${kind}) fired ${fired} times`)] as const),
    ];
    const table = rows.map(([name, value]) => `<tr><th>${name}</th><td>${value}</td></tr>`).join("\n");
    return `</main>${rest}<header><h1>vmodem session</h1><table>${table}</table></header></body></html>\n`;
  }
}

function describe(event: RigEvent): string {
  const { seq, at, modem, type, ...fields } = event;
  const shown = Object.entries(fields).map(
    ([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return `${type}: ${shown.join(", ")}`;
}

function describeCommands({ commands }: SessionSummary): string {
  return Object.entries(commands)
    .map(
      ([name, results]) =>
        `AT${name}: ${Object.entries(results)
          .map(([result, count]) => `${count} ${result}`)
          .join(", ")}`,
    )
    .join("; ");
}

function html(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
