/** The texts of `+CMS ERROR` by number, for short messages. @spec 3GPP TS 27.005 3.2.5 */
export const CMS_ERROR_TEXTS: Readonly<Record<number, string>> = {
  300: "ME failure",
  301: "SMS service of ME reserved",
  302: "operation not allowed",
  303: "operation not supported",
  304: "invalid PDU mode parameter",
  305: "invalid text mode parameter",
  310: "SIM not inserted",
  311: "SIM PIN required",
  312: "PH-SIM PIN required",
  313: "SIM failure",
  314: "SIM busy",
  315: "SIM wrong",
  316: "SIM PUK required",
  317: "SIM PIN2 required",
  318: "SIM PUK2 required",
  320: "memory failure",
  321: "invalid memory index",
  322: "memory full",
  330: "SMSC address unknown",
  331: "no network service",
  332: "network timeout",
  340: "no +CNMA acknowledgement expected",
  500: "unknown error",
};

/** A failed command for short messages; how it is printed follows AT+CMEE. */
export interface CmsError {
  readonly cms: number;
}

export function cmsError(number: number): CmsError {
  return { cms: number };
}

/** What follows `+CMS ERROR: ` at level 2 (verbose). */
export function cmsErrorText(number: number): string {
  return CMS_ERROR_TEXTS[number] ?? "unknown error";
}
