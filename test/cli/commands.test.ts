import { describe, expect, test } from "vitest";
import { formsOf } from "../../src/at/command-definition.ts";
import { describeCommands } from "../../src/cli/commands/commands.ts";
import { type Explanation, explainCommand } from "../../src/cli/commands/explanation.ts";
import { explanationText } from "../../src/cli/commands/explanation-text.ts";
import { ALL_COMMANDS } from "../../src/commands/all-commands.ts";
import { callReference } from "../../src/commands/reference/calls.ts";
import { referenceOf } from "../../src/commands/reference/command-reference.ts";
import { fileReference } from "../../src/commands/reference/files.ts";
import { ftpReference } from "../../src/commands/reference/ftp.ts";
import { ftpsReference } from "../../src/commands/reference/ftps.ts";
import { hardwareReference } from "../../src/commands/reference/hardware.ts";
import { lineReference } from "../../src/commands/reference/line.ts";
import { mailReference } from "../../src/commands/reference/mail.ts";
import { messageReference } from "../../src/commands/reference/messages.ts";
import { networkReference } from "../../src/commands/reference/network.ts";
import { simReference } from "../../src/commands/reference/sim.ts";
import { socketReference } from "../../src/commands/reference/sockets.ts";
import { statusReference } from "../../src/commands/reference/status.ts";
import { timeReference } from "../../src/commands/reference/time.ts";
import { tlsReference } from "../../src/commands/reference/tls.ts";
import { runProgram } from "../support/program.ts";

const REFUSALS = /^(ERROR|NO CARRIER|\+CM[ES] ERROR: .*)$/;

/** How the last command of the example ended. */
function outcome({ example }: Explanation): string | undefined {
  return example
    .flatMap(({ module }) => module)
    .findLast((line) => /^(OK|CONNECT.*)$/.test(line) || REFUSALS.test(line));
}

describe.concurrent("every command is explained", () => {
  test.each(ALL_COMMANDS.map((command) => [command.name, command] as const))("AT%s", async (name, command) => {
    const explanation = await explainCommand(command);
    expect(explanation.forms.map(({ form }) => form)).toEqual(formsOf(command));
    for (const { form, answer } of explanation.forms) if (form === "test") expect(answer.at(-1)).toBe("OK");
    expect(explanation.example[0]?.host).toMatch(/^AT/);
    const end = outcome(explanation);
    if (end !== undefined && REFUSALS.test(end)) expect(Object.keys(referenceOf(name).codes ?? {})).toContain(end);
    expect(explanationText(explanation)).toMatch(new RegExp(`^AT${name.replace(/\W/g, "\\$&")}  .+\n\nSpecified in `));
  });
});

test("a reference belongs to a command, and says of each of its parameters what it means", () => {
  const commands = new Map(ALL_COMMANDS.map((command) => [command.name, command]));
  const references = { ...callReference, ...fileReference, ...ftpReference, ...lineReference, ...mailReference };
  const others = {
    ...messageReference,
    ...networkReference,
    ...simReference,
    ...socketReference,
    ...timeReference,
    ...tlsReference,
    ...ftpsReference,
    ...statusReference,
    ...hardwareReference,
  };
  for (const name of Object.keys({ ...references, ...others })) {
    const parameters = commands.get(name)?.parameters ?? [];
    expect(commands.has(name), name).toBe(true);
    const known = Object.keys(referenceOf(name).parameters ?? {});
    const wanted = parameters.map((parameter) => parameter.name);
    expect(known.toSorted(), name).toEqual(wanted.toSorted());
  }
});

test.each([
  ["csq", "+CSQ"],
  ["+csq", "+CSQ"],
  ["AT+CSQ", "+CSQ"],
  ["at&c", "&C"],
  ["S0", "S0"],
  ["A", "A"],
  ["ats3", "S3"],
])("%s means AT%s", async (given, name) => {
  expect(await describeCommands([given])).toMatch(`AT${name}  `);
});

test("a wrong name gets the nearest ones", async () => {
  await expect(describeCommands(["smtpsen"])).rejects.toThrow(
    "there is no command smtpsen; did you mean AT+SMTPSEND, AT+SMTPSRV, AT+SMTPSUB?",
  );
  await expect(describeCommands(["xyzzy"])).rejects.toThrow("there is no command xyzzy; vmodem commands lists them");
});

test("what is explained", async () => {
  const text = await describeCommands(["+CFTPMODE"]);
  expect(text).toBe(`AT+CFTPMODE  FTP mode: 0 active, 1 passive

Specified in manual 5.2. Answered at once. Needs the SIM's PIN.

Forms
  AT+CFTPMODE=?       +CFTPMODE: (0,1) OK
  AT+CFTPMODE?        +CFTPMODE: 0 OK
  AT+CFTPMODE=<mode>

Parameters
  <mode>  0, 1
            0  active: the server connects
            1  passive: the module connects

Responses
  +CFTPMODE: <mode>

Codes
  +CME ERROR: 213       a parameter is wrong
  +CME ERROR: 10 to 14  the SIM is missing, or asks for its PIN or PUK

Example
  > AT+CFTPMODE?
  < +CFTPMODE: 0
  < OK
  > AT+CFTPMODE=0
  < OK
`);
});

test.each([
  ["+CREG", "+CREG: <state>[,<lac>,<cell>]  the registration has changed"],
  ["+CMGS", undefined],
  ["+CNMI", "+CMTI: "],
  ["+CLIP", "+CLIP: "],
  ["+SMTPSEND", "+SMTP: "],
  ["+CFTPGETFILE", "+CFTPGETFILE: "],
  ["+CIPOPEN", "+IPCLOSE: "],
])("the unsolicited lines of AT%s are told", async (name, line) => {
  const [, told] = (await describeCommands([name])).split("\nUnsolicited\n");
  if (line === undefined) expect(told).toBeUndefined();
  else expect(told).toContain(line);
});

test("an identity that lacks the command and the differences of the field are told", async () => {
  const { field, lackedBy } = JSON.parse(await describeCommands(["--json", "+CFTPMKD"]));
  expect(lackedBy).toEqual(["sim5218", "sim5216"]);
  expect(field).toEqual(["code of a connection that is not answered: 219 (manual: 204)"]);
});

test("the program explains one command for a program, and refuses a name that no command has", async () => {
  const { code, output } = await runProgram(["commands", "--json", "+CSQ"]);
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({
    name: "AT+CSQ",
    example: [{ host: "AT+CSQ", module: ["+CSQ: 22,0", "OK"] }],
  });
  expect(await runProgram(["commands", "+CSK"])).toMatchObject({
    code: 2,
    errors: expect.stringMatching(/did you mean AT\+CSQ/),
  });
});
