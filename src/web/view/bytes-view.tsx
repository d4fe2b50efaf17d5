import { hexDump, isBinary, linesOf, type Token, tokensOf } from "../model/bytes.ts";
import { Marked } from "./marked.tsx";

/** How much of a payload is shown while it is folded, and when it is not. */
const FOLDED = { lines: 12, bytes: 600 } as const;
const OPEN = { bytes: 64 * 1024 } as const;

/** Whether bytes are too many to be shown at once. */
export function isLong(bytes: string): boolean {
  return bytes.length > FOLDED.bytes || linesOf(tokensOf(bytes)).length > FOLDED.lines;
}

/** Bytes as a person reads them: text in lines with its control bytes by name, or a hexadecimal dump when it is open. */
export function BytesView({ bytes, isOpen, search }: { bytes: string; isOpen: boolean; search: string }) {
  const shown = bytes.slice(0, isOpen ? OPEN.bytes : FOLDED.bytes);
  if (isOpen && isBinary(bytes)) return <pre class="dump">{hexDump(shown).join("\n")}</pre>;
  const lines = linesOf(tokensOf(shown));
  return (
    <pre>
      {lines.slice(0, isOpen ? undefined : FOLDED.lines).map((line, index) => (
        <span key={index} class={`line ${classOf(line)}`}>
          {line.map((token, place) => (
            <TokenView key={place} token={token} search={search} />
          ))}
        </span>
      ))}
    </pre>
  );
}

function TokenView({ token, search }: { readonly token: Token; readonly search: string }) {
  switch (token.kind) {
    case "text":
      return <Marked text={token.text} search={search} />;
    case "control":
      return <i class={`control ${token.name === "CR" || token.name === "LF" ? "end" : ""}`}>{token.name}</i>;
    case "byte":
      return <i class="control">{token.hex}</i>;
  }
}

/** Final results stand out. */
function classOf(line: readonly Token[]): string {
  const text = line.map((token) => (token.kind === "text" ? token.text : "")).join("");
  if (text === "OK") return "ok";
  return /^(ERROR|\+CM[ES] ERROR: .*|NO CARRIER|NO DIALTONE|NO ANSWER|BUSY)$/.test(text) ? "error" : "";
}
