import { expect, test } from "vitest";
import { replyOf } from "../../../src/trace/learn/entered-data.ts";

type Spoken = readonly [mark: ">" | "<", bytes: string];

/** An exchange in which host and module spoke so. */
function exchange(spoken: readonly Spoken[]) {
  let [host, theirs] = ["", ""];
  const pieces: { readonly host: number; readonly theirs: number }[] = [];
  for (const [mark, bytes] of spoken)
    if (mark === ">") {
      pieces.push({ host: host.length, theirs: theirs.length });
      host += bytes;
    } else theirs += bytes;
  return { host, theirs, pieces };
}

const MESSAGE: readonly Spoken[] = [
  [">", 'AT+CMGS="1"\r'],
  ["<", 'AT+CMGS="1"\r\r\n> '],
];
const FILE: readonly Spoken[] = [
  [">", 'AT+CFTPPUT="a"\r\n'],
  ["<", 'AT+CFTPPUT="a"\r\r\n+CFTPPUT: BEGIN\r\n'],
];
const COUNTED: readonly Spoken[] = [
  [">", "AT+CIPSEND=0,3\r"],
  ["<", "\r\n>"],
];
const SENT = "\r\nOK\r\n";
const INLINE = { prompt: "> ", inline: true };

test.each<[string, readonly Spoken[], unknown]>([
  [
    "a line",
    [
      [">", "AT\r"],
      ["<", `AT\r${SENT}`],
    ],
    { said: SENT, start: 3 },
  ],
  ["a message", [...MESSAGE, [">", "hi\x1a"], ["<", `hi${SENT}`]], { entry: INLINE, said: SENT, start: 18 }],
  [
    "a message typed byte for byte, its echo in between, given up",
    [...MESSAGE, [">", "h"], ["<", "h"], [">", "i"], ["<", "i"], [">", "\x1b"], ["<", SENT]],
    { entry: INLINE, said: SENT, start: 18 },
  ],
  [
    "a message whose prompt comes behind each CR",
    [...MESSAGE, [">", "a\rb\x1a"], ["<", `a\r\r\n> b${SENT}`]],
    { entry: { ...INLINE, repeated: true }, said: SENT, start: 23 },
  ],
  [
    "the same without echo",
    [
      [">", "AT+CMGS\r"],
      ["<", "\r\n> "],
      [">", "a\rb\x1a"],
      ["<", `\r\n> ${SENT}`],
    ],
    { entry: { ...INLINE, repeated: true }, said: SENT, start: 8 },
  ],
  [
    "a message whose prompt comes once",
    [...MESSAGE, [">", "a\rb\x1a"], ["<", `a\rb${SENT}`]],
    { entry: INLINE, said: SENT, start: 19 },
  ],
  [
    "a file with an ESC and an escaped Ctrl-Z, which is not echoed",
    [...FILE, [">", "\x1b\x03\x1a"], [">", "\r\x1a"], ["<", SENT]],
    { entry: { prompt: "+CFTPPUT: BEGIN", binary: true }, said: SENT, start: 34 },
  ],
  [
    "so many bytes as the line names, whatever the last is",
    [...COUNTED, [">", "ab\x1a"], ["<", SENT]],
    { entry: { prompt: ">", inline: true, length: 3 }, said: SENT, start: 3 },
  ],
  [
    "so many bytes as the line does not name",
    [...COUNTED, [">", "abcd"], ["<", SENT]],
    { entry: { prompt: ">", inline: true, length: 4 }, said: SENT, start: 3 },
  ],
  [
    "data with an echo that ours has not",
    [...MESSAGE, [">", "hi\x1a"], ["<", `**${SENT}`]],
    { entry: { ...INLINE, binary: true }, said: `**${SENT}`, start: 16 },
  ],
  [
    "data that come with their line",
    [
      [">", "AT+CIPSEND=0,2\rhi"],
      ["<", `\r\n>${SENT}`],
    ],
    "its data came with the command line",
  ],
  [
    "data that come before the prompt",
    [
      [">", "AT+CMGS\r"],
      [">", "hi\x1a"],
      ["<", `\r\n> ${SENT}`],
    ],
    "what the module said before the data is not a prompt",
  ],
  [
    "a prompt behind another line",
    [
      [">", "AT+CMGS\r"],
      ["<", "\r\na\r\n\r\n> "],
      [">", "hi\x1a"],
      ["<", SENT],
    ],
    "what the module said before the data is not a prompt",
  ],
])("%s", (_, spoken, reply) => {
  expect(replyOf(exchange(spoken))).toEqual(reply);
});
