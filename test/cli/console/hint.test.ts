import { expect, test } from "vitest";
import { CTL_COMMANDS } from "../../../src/cli/console/ctl-line.ts";
import { commandAt, hintOf } from "../../../src/cli/console/hint.ts";

const MODE = "AT+CFTPMODE=[mode]  ";

test.each([
  ["", "Tab completes, F1 explains, Ctrl-R searches, :help lists what steers the rig, Ctrl-D ends"],
  ["AT+SMTPS", "+SMTPSRV +SMTPSUB +SMTPSEND +SMTPSTOP"],
  ["AT+CSQ", "AT+CSQ  Signal quality"],
  ["AT+CFTPMODES", "no such command; nearest: +CFTPMODE +CIPMODE +CFTPMKD"],
  ["AT+XYZZYXYZZY", "no such command"],
  ["AT+CFTPMODE=", `${MODE}0 active: the server connects, 1 passive: the module connects`],
  ["AT+CFTPMODE=5", `${MODE}not one of: 0, 1; 0 active: the server connects, 1 passive: the module connects`],
  ["AT+CFTPMODE=1,", "AT+CFTPMODE=mode  too many parameters"],
  ['AT+CHTTPACT="a,b",', "AT+CHTTPACT=address,[port]  1 to 65535; TCP port"],
  ['AT+CHTTPACT="a,b",70000', "AT+CHTTPACT=address,[port]  not one of: 1 to 65535; TCP port"],
  ['AT+SMTPSRV="mail",', "AT+SMTPSRV=host,[port]  1 to 65535; TCP port (25); may be left out"],
  ["AT+CSQ;+CFTPMODE=?", "AT+CFTPMODE  FTP mode: 0 active, 1 passive"],
  ["ATE1V", "ATV [value]  0 numbers, 1 words; may be left out"],
  ["ATS0=", "ATS0 [value]  0 to 255; rings; 0 does not answer; may be left out"],
  [
    "ATD123",
    "ATD [digits],voice  string of 0 to 2048 bytes; number; T, P, W and commas are allowed in it; *99# is a data call",
  ],
  ["AT+IPADDR=1", "AT+IPADDR=  takes no parameter"],
  [":urc", ":urc TEXT...  Prints an unsolicited line as soon as the line is free"],
  [":fault r", "fault rm"],
  [":xyz", "no such command; :help lists them"],
  ["hello", ""],
])("at the end of %j it says %j", (line, hint) => {
  expect(hintOf(line, line.length, CTL_COMMANDS)).toBe(hint);
});

test.each([
  [3, "+CSQ"],
  [6, "+CSQ"],
  [13, "+CMGF"],
])("with the cursor at %i the command is AT%s", (cursor, name) => {
  expect(commandAt("AT+CSQ;+CMGF=1", cursor)?.name).toBe(cursor === 3 ? undefined : name);
});
