import type { References } from "./command-reference.ts";

const OFF_ON = { 0: "off", 1: "on" };
const POSITION = "<latitude>,<N or S>,<longitude>,<E or W>,<ddmmyy>,<hhmmss.s>,<metres>,<knots>,<degrees>";
const MASK = "1 GGA, 2 RMC, 4 GSV, 8 GSA, 16 VTG, added up";
const RUNNING = { ERROR: "the receiver is not off" };

/** The GPS receiver. */
export const gpsReference: References = {
  "+CGPS": {
    parameters: {
      on: { 0: "stops, which takes two seconds", 1: "starts" },
      mode: { 1: "alone", 2: "with help of the network", 3: "by the network, which ends with the first position" },
    },
    responses: ["+CGPS: <on>,<mode>"],
    codes: { ERROR: "to start it: it is not off" },
    urcs: {
      "+CGPS: 0": "the receiver has stopped",
      "+CAGPSINFO:<latitude>,<longitude>,<metres>,<ddmmyyyy>,<hhmmss.s>":
        "in mode 3: the position, in units of 10^-8 degrees",
    },
    example: ["AT+CGPS=1,1", "AT+CGPS?", "AT+CGPS=0"],
  },
  "+CGPSINFO": {
    parameters: { value: "seconds; 0 prints no more" },
    responses: [`+CGPSINFO:${POSITION}`, "AmpI/AmpQ: <noise>/<noise>"],
    urcs: { [`+CGPSINFO:${POSITION}`]: "after so many seconds, again and again; commas alone without a position" },
    example: ["AT+CGPSHOT", "AT+CGPSINFO"],
  },
  "+CGPSCOLD": { codes: RUNNING, example: ["AT+CGPSCOLD", "AT+CGPSINFO"] },
  "+CGPSHOT": { codes: RUNNING, example: ["AT+CGPSHOT"] },
  "+CGPSDEL": { example: ["AT+CGPSDEL"] },
  "+CGPSINFOCFG": {
    parameters: { "+CGPSINFOCFG": "seconds; 0 prints no more", "+CGPSINFOCFG:1": MASK },
    responses: ["+CGPSINFOCFG: <seconds>,<mask>"],
    urcs: { "$GP...": "a sentence of NMEA 0183" },
    example: ["AT+CGPSINFOCFG=1,3", "AT+CGPSHOT", { until: "$GPRMC,,V" }, "AT+CGPSINFOCFG=0"],
  },
  "+CGPSNMEA": {
    parameters: { mask: MASK },
    responses: ["+CGPSNMEA: <mask>"],
    codes: RUNNING,
    example: ["AT+CGPSNMEA=3", "AT+CGPSNMEA?"],
  },
  "+CGPSSWITCH": { parameters: { value: { 1: "the NMEA port", 2: "the UART too" } }, example: ["AT+CGPSSWITCH?"] },
  "+CGPSFTM": {
    parameters: { value: OFF_ON },
    urcs: { "$GPGSV[,<number>,<strength>]...": "the satellites in view, each second" },
    example: ["AT+CGPSFTM=1", "AT+CGPSFTM=0"],
  },
  "+CGPSAUTO": { parameters: { value: OFF_ON }, responses: ["+CGPSAUTO:<value>"], example: ["AT+CGPSAUTO?"] },
  "+CGPSURL": {
    parameters: { server: "name and port" },
    responses: ['+CGPSURL:"<server>"'],
    example: ['AT+CGPSURL="supl.example.com:7275"', "AT+CGPSURL?"],
  },
  "+CGPSSSL": { parameters: { value: OFF_ON } },
  "+CGPSMSB": { parameters: { value: OFF_ON } },
  "+CGPSMD": { parameters: { value: { 0: "control plane", 1: "user plane" } } },
  "+CGPSHOR": { parameters: { value: "metres" }, example: ["AT+CGPSHOR=50"] },
  "+CGPSPMD": { parameters: { value: "mask" } },
  "+CASSISTLOC": { parameters: { value: { 0: "stops", 1: "starts", 2: "starts" } } },
  "+CGPSXE": { parameters: { value: OFF_ON } },
  "+CGPSXDAUTO": { parameters: { value: OFF_ON } },
  "+CGPSXD": {
    parameters: { server: "one of the three" },
    urcs: { "+CGPSXD: <code>": "0 is fetched, 237 no network" },
    example: ["AT+CGPSXD=0"],
  },
};
