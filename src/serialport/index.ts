// In the place of node-serialport: everything that it exports, with ports that lead to modems in the same process. It must not
// import "serialport" itself, which leads here wherever a test framework has put this module in its place.
export * from "@serialport/parser-byte-length";
export * from "@serialport/parser-cctalk";
export * from "@serialport/parser-delimiter";
export * from "@serialport/parser-inter-byte-timeout";
export * from "@serialport/parser-packet-length";
export * from "@serialport/parser-readline";
export * from "@serialport/parser-ready";
export * from "@serialport/parser-regex";
export * from "@serialport/parser-slip-encoder";
export * from "@serialport/parser-spacepacket";
export { SerialPortMock } from "serialport/dist/serialport-mock.js";
export { SerialPort, type SerialPortOpenOptions, virtualPorts } from "./serial-port.ts";
export type { VirtualPort, VirtualPortOptions, VirtualPorts } from "./virtual-ports.ts";
