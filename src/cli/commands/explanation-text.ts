import type { CommandKind } from "../../at/command-definition.ts";
import { visibleBytes } from "../../rig/report/visible-bytes.ts";
import type { ExplainedParameter, Explanation } from "./explanation.ts";

const KINDS: Readonly<Record<CommandKind, string>> = {
  synchronous: "answered at once",
  holding: "the line is busy until the final result code",
  asynchronous: "the final result code comes later; other commands may follow meanwhile",
  detached: "OK comes first, the outcome as unsolicited lines",
};

/** Lines of an example that are shown of one answer. */
const SHOWN = 20;
const WIDTH = 100;

/** The explanation of a command as a user reads it. */
export function explanationText(explanation: Explanation): string {
  const { name, summary, spec, kind, needsPin, forms, parameters, responses, codes, urcs, example, field, lackedBy } =
    explanation;
  return [
    `${name}  ${summary}\n\n`,
    `Specified in ${spec.document} ${spec.section}. ${capital(KINDS[kind])}.${needsPin ? " Needs the SIM's PIN." : ""}\n`,
    section(
      "Forms",
      forms.map(({ syntax, answer }) => [syntax, answer.map((line) => visibleBytes(line, WIDTH)).join(" ")]),
    ),
    section("Parameters", parameters.flatMap(parameterRows)),
    section(
      "Responses",
      responses.map((line) => [line]),
    ),
    section("Codes", Object.entries(codes)),
    section("Unsolicited", Object.entries(urcs)),
    section(
      "Example",
      example.flatMap(({ host, module }) => [...(host === undefined ? [] : [[`> ${host}`]]), ...moduleRows(module)]),
    ),
    section(
      "In the dialect field",
      field.map((line) => [line]),
    ),
    lackedBy.length === 0 ? "" : `\nNot in ${lackedBy.join(", ")}.\n`,
  ].join("");
}

function parameterRows({ name, optional, range, meaning, values }: ExplainedParameter): readonly (readonly string[])[] {
  const whole = [meaning, optional ? "may be left out" : undefined].filter((text) => text !== undefined).join("; ");
  const head = [`<${name}>`, whole === "" ? range : `${range}; ${whole}`];
  return [head, ...Object.entries(values).map(([value, text]) => ["", `  ${value}  ${text}`])];
}

function moduleRows(lines: readonly string[]): readonly (readonly string[])[] {
  const rows = lines.slice(0, SHOWN).map((line) => [`< ${visibleBytes(line, WIDTH)}`]);
  return lines.length > SHOWN ? [...rows, [`  and ${lines.length - SHOWN} lines more`]] : rows;
}

/** A heading and its rows, the second column aligned; nothing without rows. */
function section(heading: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const width = Math.min(
    WIDTH / 2,
    Math.max(...rows.map(([left = "", right]) => (right === undefined ? 0 : left.length))),
  );
  const lines = rows.map(([left = "", right]) =>
    (right === undefined ? left : `${left.padEnd(width)}  ${right}`).trimEnd(),
  );
  return `\n${heading}\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
