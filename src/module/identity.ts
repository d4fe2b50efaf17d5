/** The properties in which modules differ. */
export interface Identity {
  readonly manufacturer: string;
  readonly model: string;
  readonly revision: string;
  /** 15 digits (3GPP TS 23.003 6.2.1). */
  readonly imei: string;
  /** What AT+GCAP lists (V.250 6.1.9). */
  readonly capabilities: string;
  /** How AT+CCID prints the identity of the card: `+ICCID: 8900...`, or `+CCID: "8900..."` (module.md 10). */
  readonly iccidForm: "bare" | "quoted";
  /** What it prints when it starts, in order (field.md 7). */
  readonly boot: {
    /** At once. */
    readonly start: readonly string[];
    /** Once a SIM that asks for nothing is found, before `+CPIN: READY`. */
    readonly toolkit: readonly string[];
    /** Once what is on the SIM has been read, after `+CPIN: READY`; also after the PIN was given. */
    readonly loaded: readonly string[];
  };
  /** Names of commands that this module does not have. */
  readonly lacks: readonly string[];
  /** Which sets of socket commands it has: the older one, or the later one beside it (module.md, firmware generations). */
  readonly socketSets: "older" | "both";
  /** Whether AT+CHTTPSOPSE and AT+CHTTPSCLSE print a code behind `OK` (module.md 11). */
  readonly httpsReports: boolean;
  /** What AT+NETOPEN? prints: the state and the command set, or the state alone (module.md 1.1). */
  readonly networkState: "with set" | "alone";
  /** The range of the first value that AT+CBC=? shows (module.md 10). */
  readonly batteryStates: "0" | "0-3";
  /** How AT+CPING reports: in numbers, or in sentences (module.md 1.9). */
  readonly pingForm: "numbers" | "sentences";
  /** Whether the FTPS commands answer `OK` at once and print a code behind it (module.md 2.2). */
  readonly ftpsReports: boolean;
  /** How AT+CFTPSPUT takes a file: in parts whose lengths are told, or until Ctrl-Z. */
  readonly ftpsPut: "counted" | "until Ctrl-Z";
  /** Most bytes of such a part. */
  readonly ftpsPart: number;
  /** Most characters of AT+CFTPSERV, AT+CFTPUN and AT+CFTPPW (decisions 5; field.md 4). */
  readonly ftpLengths: { readonly server: number; readonly user: number; readonly password: number };
}

const SIMCOM = {
  manufacturer: "SIMCOM INCORPORATED",
  capabilities: "+CGSM,+DS,+ES",
  iccidForm: "bare",
  networkState: "with set",
  batteryStates: "0",
  pingForm: "numbers",
} as const;

/** Additions of later firmware (field.md 2 to 4). */
const LATER_MAIL = ["+SMTPBCH"];
const LATER_FTP = ["+CFTPMKD", "+CFTPRMD", "+CFTPDELE"];
/** What only a module with a slot for a card has: a SIM5320 lost it (field.md 6). */
const CARD = ["+FSFMT"];

/** Most characters of an FTP server's name, a user and a password in any module. */
export const LONGEST_FTP_TEXT = 256;
const LATER_LENGTHS = { server: 100, user: 30, password: 40 };

/** Call commands that only the manual of SIM5320 has. */
const LATER_CALLS = ["+DDET", "+MORING", "+CPTONE"];

/** What only the manual of SIM5320 has of TLS (module.md 2.3). */
const LATER_TLS = [
  ...[
    "+CHTTPSSTATE",
    "+CFTPSSTATE",
    "+CFTPSCACHERD",
    "+CCHSTART",
    "+CCHSTOP",
    "+CCHSET",
    "+CCHMODE",
    "+CCHOPEN",
    "+CCHSEND",
    "+CCHRECV",
    "+CCHCLOSE",
    "+CCHADDR",
  ],
  ...["+CCERTDOWN", "+CCERTLIST", "+CCERTDELE", "+CSSLCA", "+CSSLCERT", "+CSSLKEY", "+CSSLLOADCK"],
];
const PLAIN_TLS = { httpsReports: false, ftpsReports: false, ftpsPut: "counted", ftpsPart: 1024 } as const;

/** What the manual of SIM5218 does not have yet (module.md 10). */
const LATER_STATUS = ["+CPSI", "+CNMP", "+CNAOP", "+CNSDP", "+CNBP"];
/** Commands of the successors, which no manual of these modules has (module.md 10). */
const SUCCESSORS = ["+CSCLK"];
/** A command of the successors that hosts send to SIM5320 (module.md 10). */
const TEMPERATURE = ["+CMTE"];

/** Another name for AT+CCID that came with SIM5320. */
const LATER_CARD = ["+CICCID"];

/** Commands for messages that only the manual of SIM5320 has (module.md 5). */
const LATER_MESSAGES = [
  ...["+CMGRO", "+CMGRD", "+CMGMT", "+CMGSO", "+CMGWO", "+CMSSEX", "+CMGSEX", "+CMGREX", "+CMGWEX", "+CMGENREF"],
  ...["+CSALPHA", "+CNMA"],
];

/** GPS, which a SIM5216 has none of, and what only the manual of SIM5320 has of it (module.md 4). */
const FIRST_GPS = ["+CGPS", "+CGPSINFO", "+CGPSURL", "+CGPSSSL", "+CGPSAUTO", "+CGPSCOLD", "+CGPSHOT"];
const LATER_GPS = [
  ...["+CGPSNMEA", "+CGPSINFOCFG", "+CGPSSWITCH", "+CGPSFTM", "+CGPSDEL", "+CGPSXE", "+CGPSXD", "+CGPSXDAUTO"],
  ...["+CGPSMSB", "+CGPSMD", "+CGPSHOR", "+CGPSPMD", "+CASSISTLOC"],
];

/** What only the later set of socket commands has (module.md 1). */
const LATER_SOCKETS = [
  "+CIPRXGET",
  "+CIPTIMEOUT",
  "+CIPSENDMODE",
  "+CIPDNSSET",
  "+CIPENPSH",
  "+CIPSTAT",
  "+SERVERSTOP",
  "+NETDORM",
];

const BOOT = { start: ["START"], toolkit: ["+STIN: 25", "+STIN: 25"], loaded: ["SMS DONE", "PB DONE"] };

const SIM5320 = {
  ...SIMCOM,
  model: "SIMCOM_SIM5320E",
  revision: "SIM5320E_V1.5",
  imei: "351602000330570",
  boot: BOOT,
  ftpLengths: LATER_LENGTHS,
  ...PLAIN_TLS,
  ftpsReports: true,
} as const;

/** The modules that can be emulated. `wcdma` stands for no particular one and has every command. */
export const IDENTITIES = {
  wcdma: {
    ...SIMCOM,
    model: "SIMCOM_WCDMA",
    revision: "WCDMA_V1.00",
    imei: "351602000330570",
    boot: BOOT,
    lacks: [],
    socketSets: "both",
    ...PLAIN_TLS,
    httpsReports: true,
    ftpsReports: true,
    ftpLengths: { server: LONGEST_FTP_TEXT, user: LONGEST_FTP_TEXT, password: LONGEST_FTP_TEXT },
  },
  sim5218: {
    ...SIMCOM,
    model: "SIMCOM_SIM5218A",
    revision: "SIM5218A_V1.21",
    imei: "355841030885378",
    iccidForm: "quoted",
    boot: { ...BOOT, toolkit: [] },
    lacks: [
      ...LATER_STATUS,
      ...LATER_CARD,
      ...LATER_MAIL,
      ...LATER_FTP,
      ...LATER_CALLS,
      ...LATER_MESSAGES,
      ...LATER_SOCKETS,
      ...LATER_TLS,
      ...LATER_GPS,
      ...SUCCESSORS,
      ...TEMPERATURE,
    ],
    socketSets: "older",
    ...PLAIN_TLS,
    ftpsPut: "until Ctrl-Z",
    ftpLengths: LATER_LENGTHS,
  },
  sim5216: {
    ...SIMCOM,
    model: "SIMCOM_SIM5216E",
    revision: "SIM5216E_V1.21",
    imei: "355841030885386",
    iccidForm: "quoted",
    batteryStates: "0-3",
    pingForm: "sentences",
    // A log of this module shows nothing of SMS (transcripts.md 5).
    boot: { start: ["START"], toolkit: [], loaded: ["PB DONE"] },
    lacks: [
      ...LATER_CARD,
      ...LATER_FTP,
      ...LATER_CALLS,
      ...LATER_MESSAGES,
      ...LATER_SOCKETS,
      ...LATER_TLS,
      ...FIRST_GPS,
      ...LATER_GPS,
      ...SUCCESSORS,
      ...TEMPERATURE,
    ],
    socketSets: "older",
    ...PLAIN_TLS,
    ftpsPart: 512,
    ftpLengths: LATER_LENGTHS,
  },
  sim5320: { ...SIM5320, lacks: [...CARD, ...SUCCESSORS], socketSets: "both" },
  /** The same module with the firmware of 2012, before the later set of socket commands. */
  "sim5320-b08": {
    ...SIM5320,
    revision: "1575B08SIM5320E",
    lacks: [...CARD, ...SUCCESSORS, ...LATER_SOCKETS],
    socketSets: "older",
  },
  /** Its successor, whose commands are the same but for what its hosts wait for (module.md 1.1, 11). */
  sim5360: {
    ...SIM5320,
    model: "SIMCOM_SIM5360E",
    revision: "SIM5360E_V1.5",
    imei: "355696060001233",
    lacks: [...CARD, ...SUCCESSORS],
    socketSets: "both",
    networkState: "alone",
    httpsReports: true,
  },
} as const satisfies Record<string, Identity>;

export type IdentityName = keyof typeof IDENTITIES;
