import type { BoundCommand } from "./arguments.ts";

/** The help of `vmodem ctl`, or of one command of it. */
export function ctlHelp(commands: readonly BoundCommand[], only: BoundCommand | undefined): string {
  const shown = only === undefined ? commands : [only];
  const rows = shown.map(({ route, command }) => {
    const options = Object.entries(command.options ?? {}).map(([name, value]) =>
      value === true ? `[--${name}]` : `[--${name} ${value}]`,
    );
    const usage = ["  vmodem ctl", command.words, command.synopsis, ...options].filter((word) => word !== "").join(" ");
    return `${usage}\n      ${route.summary}\n`;
  });
  const common = `
Options of every command:
  --control ADDRESS      http://HOST:PORT, HOST:PORT or unix:PATH; without it VMODEM_CONTROL, else the one rig that runs here
  --control-token TOKEN  the token of a rig that asks for one; without it VMODEM_CONTROL_TOKEN
  --text                 prints for a person instead of JSON
`;
  return `${rows.join("")}${common}`;
}
