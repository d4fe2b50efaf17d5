import { START_OPTIONS } from "./start-options.ts";

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.entries(START_OPTIONS).map(([name, option]) => {
    const argument = "argument" in option ? ` ${option.argument}` : "";
    return [`--${name}${argument}`, option.help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return `vmodem: a SIMCom WCDMA module in software

  vmodem [start] [OPTIONS]           start a modem and serve it until SIGINT or SIGTERM
  vmodem run [OPTIONS] -- COMMAND... start a modem, run COMMAND with VMODEM_PORT set to its port, exit with its code
  vmodem commands [--json]           list the AT commands
  vmodem --help | --version

Options of start and run:
${rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n")}
`;
}
