import { afterAll, beforeAll, expect, test } from "vitest";
import type { SerialLine } from "../../src/platform/serial-line.ts";
import { openRfc2217 } from "../../src/transport/rfc2217.ts";
import { Recorder } from "../transport/recorder.ts";
import { Rfc2217Client } from "../transport/rfc2217/client.ts";
import { Dice } from "./engine-inputs.ts";

const SEED = 20_261_127;
const ROUNDS = 1500;
const [IAC, SE, SB, COM_PORT] = [255, 240, 250, 44] as const;
/** Ends whatever state a decoder is in: it completes a command, then a subnegotiation. */
const RESYNCHRONIZE = [0, IAC, SE];
/** Likely bytes: commands, options and the codes of RFC 2217. */
const WORDS = [IAC, IAC, SB, SE, 251, 252, 253, 254, 243, 245, 246, 0, 1, 3, COM_PORT, 5, 8, 9, 10, 11, 12, 13, 10];

let line: SerialLine;
let client: Rfc2217Client;

beforeAll(async () => {
  line = await openRfc2217({ host: "127.0.0.1", port: 0 });
  line.start(new Recorder());
  client = await (await Rfc2217Client.connect(line)).negotiate();
});

afterAll(async () => {
  await client.close();
  await line.close();
});

test(`${ROUNDS} pieces of garbage leave the server answering (seed ${SEED})`, { timeout: 60_000 }, async () => {
  const dice = new Dice(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const soup = Array.from({ length: 1 + dice.roll(200) }, () =>
      dice.roll(3) === 0 ? dice.roll(256) : (WORDS[dice.roll(WORDS.length)] ?? 0),
    );
    if (dice.roll(3) === 0) soup.unshift(IAC, SB, COM_PORT);
    await client.raw(...soup, ...RESYNCHRONIZE);
    if (round % 10 === 0) void line.write(Buffer.from([13, 255, round & 0xff]));
    client.messages.length = 0;
    const [first] = await client.ask(0);
    expect(first, `round ${round}: ${soup.join(" ")}`).toBe("v".charCodeAt(0));
    client.words.length = 0;
    // What was suspended or switched off is put right, so that the next round begins alike.
    await client.command(9);
  }
  expect(line.backlog).toBe(0);
});
