/** What tells one module from another. */
export interface Identity {
  readonly manufacturer: string;
  readonly model: string;
  readonly revision: string;
  /** 15 digits (3GPP TS 23.003 6.2.1). */
  readonly imei: string;
  /** What AT+GCAP lists (V.250 6.1.9). */
  readonly capabilities: string;
}

const SIMCOM = { manufacturer: "SIMCOM INCORPORATED", capabilities: "+CGSM,+FCLASS,+DS" };

/** The modules that can be emulated. `wcdma` is none in particular and has every command. */
export const IDENTITIES = {
  wcdma: { ...SIMCOM, model: "SIMCOM_WCDMA", revision: "WCDMA_V1.00", imei: "351602000330570" },
} as const satisfies Record<string, Identity>;

export type IdentityName = keyof typeof IDENTITIES;
