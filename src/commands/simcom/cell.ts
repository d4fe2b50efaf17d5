import { isBands } from "../../module/radio/network-preferences.ts";
import { type Radio, TECHNOLOGY, type Technology } from "../../module/radio/radio.ts";
import { type Command, defineCommand } from "../modem-context.ts";
import { settingCommand } from "../setting-command.ts";
import { whenStored } from "../stored.ts";

const SPEC = { document: "module", section: "10" } as const;

/** The words of AT*CNTI for each technology. */
const WORDS: Readonly<Record<Technology, string>> = {
  gsm: "GSM",
  gprs: "GPRS",
  edge: "EDGE",
  wcdma: "UMTS",
  hsdpa: "HSDPA",
  hsupa: "HSUPA",
  hspa: "HSUPA",
};

function wordInUse({ technology }: Radio): string {
  return technology === undefined ? "NONE" : WORDS[technology];
}

const technologyInUse = defineCommand({
  name: "*CNTI",
  summary: "Technology in use, those of the network, or those of the module",
  spec: SPEC,
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "int", name: "what", min: 0, max: 2, values: [0, 1, 2] }],
  test: () => ["*CNTI: (0,1,2)"],
  read({ line, radio }) {
    line.info(`*CNTI: 0,${wordInUse(radio)}`);
    return "OK";
  },
  write({ what }, { line, radio }) {
    const lists = [
      wordInUse(radio),
      WORDS[radio.surroundings.technology],
      [...new Set(Object.values(WORDS))].join(","),
    ];
    line.info(`*CNTI: ${what},${lists[what]}`);
    return "OK";
  },
});

/** Received power in dBm, of the strength that AT+CSQ shows (27.007 8.5); 99 is not known. */
function powerOf({ signal: { rssi } }: Radio): number {
  return rssi === 99 ? -113 : -113 + 2 * rssi;
}

/** The lines of AT+CCINFO: the cell in use and one beside it; nothing without a network. */
function describeCells(radio: Radio): string | undefined {
  const { technology, surroundings } = radio;
  if (technology === undefined) return undefined;
  const { operator, lac, cell } = surroundings;
  const place = `MCC:${operator.numeric.slice(0, 3)},MNC:${operator.numeric.slice(3).padStart(3, "0")},LAC:${lac},ID:${cell}`;
  const power = powerOf(radio);
  const beside = power - 9;
  const lines =
    TECHNOLOGY[technology].system === "GSM"
      ? [
          `[SCELL],ARFCN:27,${place},BSIC:42,RXLev:${power}dbm,C1:32,C2:32,TA:1,TXPWR:0`,
          `[NCell1],ARFCN:35,BSIC:17,RXLev:${beside}dbm,C1:23,C2:23`,
        ]
      : [
          `[SCELL],UARFCN:10688,${place},PSC:9,SSC:0,RSCP:${-power},ECIO:6.0,RXLev:${power}dbm,TXPWR:0`,
          `[NCell1],UARFCN:10688,PSC:230,SSC:0,RSCP:${-beside},ECIO:15.5,RXLev:${beside}dbm`,
        ];
  return lines.map((line) => `+CCINFO:${line}`).join("\r\n\r\n");
}

const cells = defineCommand({
  name: "+CCINFO",
  summary: "Cell in use, and one beside it",
  spec: SPEC,
  kind: "synchronous",
  needsPin: false,
  parameters: [],
  execute({ line, radio }) {
    const described = describeCells(radio);
    if (described !== undefined) line.info(described);
    return "OK";
  },
});

const bands = defineCommand({
  name: "+CNBP",
  summary: "Bands that may be used, a bit for each; the cell that is there is used in any case",
  spec: SPEC,
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "string", name: "bands", maxLength: 18, bare: true }],
  read({ line, preferences }) {
    line.info(`+CNBP: ${preferences.bands}`);
    return "OK";
  },
  write(values, { preferences }) {
    return isBands(values.bands) ? whenStored(preferences.setBands(values.bands)) : "ERROR";
  },
});

/** The cells around the module, and which of them it is to take. */
export const cellCommands: readonly Command[] = [
  technologyInUse,
  cells,
  bands,
  settingCommand("+CNAOP", { summary: "Order in which technologies are looked for", spec: SPEC }),
  settingCommand("+CNSDP", { summary: "Preferred domain: circuits, packets or both", spec: SPEC }),
];
