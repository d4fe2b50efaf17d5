import type { PacketService } from "./packet-service.ts";
import { type Radio, REGISTRATION } from "./radio.ts";

/** The two domains in which a module registers, by the command that shows it. */
export type RegistrationCommand = "+CREG" | "+CGREG";

/** `<stat>` of AT+CREG or AT+CGREG, and in mode 2 the place, as the answer and the unsolicited line have it (27.007 7.2). */
export function registrationText(
  command: RegistrationCommand,
  mode: number,
  { radio, packetService }: { readonly radio: Radio; readonly packetService: PacketService },
): string {
  const registration = command === "+CREG" ? radio.registration : packetService.registration;
  const registered = registration === "home" || registration === "roaming";
  const { lac, cell } = radio.surroundings;
  const place = mode === 2 && registered ? `,${hexadecimal(lac)},${hexadecimal(cell)}` : "";
  return `${REGISTRATION[registration]}${place}`;
}

function hexadecimal(value: number): string {
  return value.toString(16).toUpperCase();
}
