import type { LintLevel } from "../lint/rules.ts";
import type { SessionSummary } from "./summary.ts";
import { visibleBytes } from "./visible-bytes.ts";

/** What a JUnit report shows beside the summary. */
export interface JunitDetails {
  /** The last exchanges, a line each, for a command that has failed. */
  readonly exchanges: readonly string[];
  /** Whether a lint finding is a failure, is told only, or is not looked at. */
  readonly lint: LintLevel;
}

interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly failure?: { readonly message: string; readonly text: string };
  readonly output?: string;
  readonly skipped?: true;
}

/** A session as JUnit XML: a test case for the command's exit code, one for each expectation, one for lint. */
export function junitReport(summary: SessionSummary, details: JunitDetails): string {
  const cases = [commandCase(summary, details), ...expectationCases(summary), lintCase(summary, details)];
  const count = (has: (one: TestCase) => unknown) => cases.filter(has).length;
  const seconds = (summary.duration / 1000).toFixed(3);
  const counts = `tests="${cases.length}" failures="${count(({ failure }) => failure)}" errors="0" skipped="${count(({ skipped }) => skipped)}" time="${seconds}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="vmodem" ${counts}>`,
    `  <testsuite name="vmodem" ${counts} timestamp="${xml(summary.started)}">`,
    "    <properties>",
    `      <property name="version" value="${xml(summary.version)}"/>`,
    `      <property name="seed" value="${summary.seed}"/>`,
    "    </properties>",
    ...cases.map((one) => caseXml(one, one.suite === "vmodem" ? seconds : "0")),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function commandCase({ exitCode = 0 }: SessionSummary, { exchanges }: JunitDetails): TestCase {
  const one = { suite: "vmodem", name: "exit code of the command" };
  if (exitCode === 0) return one;
  return { ...one, failure: { message: `the command ended with code ${exitCode}`, text: exchanges.join("\n") } };
}

function expectationCases({ expectations }: SessionSummary): readonly TestCase[] {
  return expectations.map(({ name, problem }) => {
    const one = { suite: "vmodem.expect", name };
    if (problem === undefined) return one;
    return { ...one, failure: { message: problem.split("\n", 1)[0] ?? "", text: problem } };
  });
}

function lintCase({ lint, omitted }: SessionSummary, { lint: level }: JunitDetails): TestCase {
  const one = { suite: "vmodem.lint", name: "lint" };
  if (level === "off") return { ...one, skipped: true };
  if (lint.length === 0) return one;
  const more = omitted.lint === 0 ? [] : [`and ${omitted.lint} more`];
  const text = [...lint.map(({ rule, message, cause }) => `${rule}: ${message} (event ${cause})`), ...more].join("\n");
  const found = lint.length + omitted.lint;
  const message = found === 1 ? "one finding" : `${found} findings`;
  return level === "error" ? { ...one, failure: { message, text } } : { ...one, output: text };
}

function caseXml({ suite, name, failure, output, skipped }: TestCase, seconds: string): string {
  const start = `    <testcase classname="${suite}" name="${xml(name)}" time="${seconds}"`;
  const inner = [
    ...(skipped ? ["      <skipped/>"] : []),
    ...(failure
      ? [`      <failure message="${xml(failure.message)}" type="failure">${xml(failure.text)}</failure>`]
      : []),
    ...(output === undefined ? [] : [`      <system-out>${xml(output)}</system-out>`]),
  ];
  return inner.length === 0 ? `${start}/>` : [`${start}>`, ...inner, "    </testcase>"].join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** Text in XML 1.0, in an element or an attribute: what it has no way to hold (§2.2) is shown by name, `<ETX>`. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, (character) =>
      character.charCodeAt(0) < 0x20 ? visibleBytes(character) : "\ufffd",
    )
    .replace(/[&<>"\n\t]/g, (character) => ENTITIES[character] ?? "");
}
