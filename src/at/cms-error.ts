/** The texts of `+CMS ERROR` by number, for short messages. @spec 3GPP TS 27.005 3.2.5 */
export const CMS_ERROR_TEXTS: Readonly<Record<number, string>> = {
  300: "ME failure",
  301: "SMS service of ME reserved",
  302: "Operation not allowed",
  303: "Operation not supported",
  304: "Invalid PDU mode parameter",
  305: "Invalid text mode parameter",
  310: "SIM not inserted",
  311: "SIM PIN required",
  312: "PH-SIM PIN required",
  313: "SIM failure",
  314: "SIM busy",
  315: "SIM wrong",
  316: "SIM PUK required",
  317: "SIM PIN2 required",
  318: "SIM PUK2 required",
  320: "Memory failure",
  321: "Invalid memory index",
  322: "Memory full",
  330: "SMSC address unknown",
  331: "no network service",
  332: "Network timeout",
  340: "no +CNMA acknowledgement expected",
  341: "Buffer overflow",
  342: "SMS size more than expected",
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
