import { SOCKET_LIMITS } from "../../../services/sockets/limits.ts";
import { type Command, defineCommand } from "../../modem-context.ts";
import { ipError, type SocketContext, usesOlderSet } from "./answers.ts";
import { ANY_NUMBER } from "./links.ts";

const AS_BYTES = 2;
const AS_DIGITS = 3;
const COUNT = 4;

/** Most bytes that one command gives, by its mode. */
const MOST: Readonly<Record<number, number>> = {
  [AS_BYTES]: SOCKET_LIMITS.block,
  [AS_DIGITS]: SOCKET_LIMITS.block / 2,
};

/** Changes how received data come to the host; what it has not read yet comes at once when it leaves manual mode. */
function setMode({ settings, sockets }: SocketContext, mode: number): void {
  settings.set("+CIPRXGET", mode);
  if (mode === 0) sockets.flush();
}

/** @spec module.md 1.5 */
const receive = defineCommand({
  name: "+CIPRXGET",
  summary: "Manual receiving: sets it, gives what has come as bytes or digits, or says how much there is",
  spec: { document: "module", section: "1.5" },
  kind: "holding",
  needsPin: true,
  parameters: [
    { kind: "int", name: "mode", min: 0, max: COUNT },
    { kind: "int", name: "link", ...ANY_NUMBER, optional: true },
    { kind: "int", name: "length", ...ANY_NUMBER, optional: true },
  ],
  test: () => ["+CIPRXGET: (0-4),(0-9),(1-1500)"],
  read({ line, settings }) {
    line.info(`+CIPRXGET: ${settings.get("+CIPRXGET")}`);
    return "OK";
  },
  async write({ mode, link: number, length }, context) {
    const { line, sockets, settings } = context;
    if (usesOlderSet(context)) return ipError(context, "unsupported");
    if (mode < AS_BYTES) {
      setMode(context, mode);
      return "OK";
    }
    if (settings.get("+CIPRXGET") === 0) return ipError(context, "unsupported");
    const most = MOST[mode] ?? SOCKET_LIMITS.block;
    const asked = length ?? most;
    if (number === undefined || number >= SOCKET_LIMITS.links || asked < 1 || asked > most)
      return ipError(context, "parameter");
    const inbox = sockets.link(number)?.inbox;
    const waiting = inbox?.waiting ?? 0;
    if (mode === COUNT) {
      line.info(`+CIPRXGET: ${COUNT},${number},${waiting}`);
      return "OK";
    }
    if (inbox === undefined || waiting === 0) return ipError(context, "noData");
    const bytes = inbox.give(asked);
    const digits = () => Buffer.from(bytes.toString("hex").toUpperCase(), "latin1");
    const payload = mode === AS_DIGITS ? digits() : bytes;
    await line.packets([{ head: `+CIPRXGET: ${mode},${number},${bytes.length},${inbox.waiting}`, payload }]);
    return "OK";
  },
});

/** What gives received data. */
export const socketReceivingCommands: readonly Command[] = [receive];
