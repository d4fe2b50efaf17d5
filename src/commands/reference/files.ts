import type { CommandReference, References } from "./command-reference.ts";

const PATH = "path in the file system, from the current directory or from C: or D:";
const FULL = "whole path, from C: or D:";
const FILE = ['AT+CFTRANRX="C:/note.txt",4', { data: "note" }, "AT+FSCD=C:/"] as const;
const XMODEM_DIRECTORY = "0 the current one, 1 to 8 those of the manual";

const xmodem = (meaning: CommandReference["parameters"]): CommandReference => ({
  parameters: { file: "name of the file", directory: XMODEM_DIRECTORY, ...meaning },
  codes: { ERROR: "no transfer took place, or it broke off" },
});

/** The file system, and files between it and the host. */
export const fileReference: References = {
  "+FSCD": {
    parameters: { path: PATH },
    responses: ["+FSCD: <directory>"],
    example: ["AT+FSCD=C:/Picture", "AT+FSCD?"],
  },
  "+FSMKDIR": { parameters: { directory: PATH }, example: ["AT+FSMKDIR=new", "AT+FSLS"] },
  "+FSRMDIR": { parameters: { directory: PATH }, example: ["AT+FSMKDIR=new", "AT+FSRMDIR=new"] },
  "+FSLS": {
    parameters: { type: { 0: "all", 1: "directories", 2: "files" } },
    responses: [
      "+FSLS: SUBDIRECTORIES:",
      "+FSLS: FILES:",
      "<name>, a line each",
      "+FSLS: SUBDIRECTORIES: <count>,FILES: <count>, to AT+FSLS?",
    ],
    example: ["AT+FSCD=C:/", "AT+FSLS"],
  },
  "+FSDEL": {
    parameters: { file: `${PATH}; *.* is every file of the directory` },
    example: [...FILE, "AT+FSDEL=note.txt"],
  },
  "+FSRENAME": { parameters: { from: PATH, to: "new name" }, example: [...FILE, "AT+FSRENAME=note.txt,old.txt"] },
  "+FSATTRI": {
    parameters: { file: PATH },
    responses: ["+FSATTRI: <bytes>, <time>"],
    example: [...FILE, "AT+FSATTRI=note.txt"],
  },
  "+FSMEM": {
    parameters: { limit: "MB that must stay free on the card", timer: "minutes between two checks; 0 for none" },
    responses: ["+FSMEM: C:(<bytes>, <used>)[,D:(<bytes>, <used>)]"],
    example: ["AT+FSMEM"],
  },
  "+FSFMT": { codes: { ERROR: "there is no card" }, example: ["AT+FSFMT"] },
  "+FSLOCA": {
    parameters: { location: { 0: "local, C:", 1: "storage card, D:" } },
    responses: ["+FSLOCA: <location>"],
  },
  "+FSCOPY": {
    parameters: {
      from: PATH,
      to: PATH,
      mode: { 0: "the command waits for its end", 1: "it goes on behind the command line" },
    },
    responses: ["+FSCOPY: <percent>", "+FSCOPY: END"],
    urcs: { "+FSCOPY: END": "the copy is complete, with mode 1" },
    example: [...FILE, "AT+FSCOPY=note.txt,copy.txt"],
  },
  "+CFTRANRX": {
    parameters: { file: FULL, length: "bytes that follow the prompt" },
    codes: { ERROR: "the file cannot be written, or the host fell silent" },
    entry: "counted",
    example: [...FILE.slice(0, 2)],
  },
  "+CFTRANTX": {
    parameters: { file: FULL, location: "byte at which it begins", size: "bytes; the rest of the file without it" },
    responses: ["+CFTRANTX: DATA, <bytes>, then as many bytes", "+CFTRANTX: 0"],
    example: [...FILE, 'AT+CFTRANTX="C:/note.txt"'],
  },
  "+CTXFILE": xmodem({ protocol: { 0: "XMODEM", 1: "XMODEM-1K" } }),
  "+CRXFILE": xmodem({}),
  "+CMWAIT": {
    parameters: { seconds: "until the module begins" },
    responses: ["+CMWAIT: <seconds>"],
    example: ["AT+CMWAIT=10", "AT+CMWAIT?"],
  },
};
