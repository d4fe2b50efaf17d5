import { type Radio, TECHNOLOGY } from "../../module/radio/radio.ts";

/** The line of AT+CPSI: system, mode, operator and cell, in the two forms of field.md 7. */
export function describeSystem(radio: Radio): string {
  const { technology, functionality, surroundings } = radio;
  const mode = functionality === 1 ? "Online" : "Low Power Mode";
  if (technology === undefined) return `+CPSI: NO SERVICE,${mode}`;
  const { operator, lac, cell } = surroundings;
  const network = `${operator.numeric.slice(0, 3)}-${operator.numeric.slice(3)}`;
  const place = `${network},0x${lac.toString(16).toUpperCase()}`;
  return TECHNOLOGY[technology].system === "GSM"
    ? `+CPSI: GSM,${mode},${place},${cell},27 EGSM 900,-64,2110,42-42`
    : `+CPSI: WCDMA,${mode},${place},WCDMA IMT 2000,0,9,10688,0,6,62,43,45,500`;
}
