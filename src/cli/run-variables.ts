import type { Serving } from "./serve.ts";

/** The names of all variables that {@link variablesOf} may give. */
const RUN_VARIABLES = /^VMODEM_(PORT(_\d+)?|CONTROL(_TOKEN)?|SANDBOX_(HTTP|FTP|SMTP|POP3))$/;

/** What the command of `run` is told by its environment. */
export function variablesOf({ rig: { sandbox }, modem, modems, control }: Serving): Readonly<Record<string, string>> {
  const address = (server: string) => {
    const endpoint = sandbox?.servers[server];
    return endpoint === undefined ? undefined : `${endpoint.host}:${endpoint.port}`;
  };
  const variables = {
    ...Object.fromEntries(modems.map(({ link, port }, index) => [`VMODEM_PORT_${index + 1}`, link ?? port])),
    VMODEM_PORT: modem.link ?? modem.port,
    VMODEM_CONTROL: control?.address,
    VMODEM_CONTROL_TOKEN: control?.token,
    VMODEM_SANDBOX_HTTP: address("http"),
    VMODEM_SANDBOX_FTP: address("ftp"),
    VMODEM_SANDBOX_SMTP: address("smtp"),
    VMODEM_SANDBOX_POP3: address("pop3"),
  };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** An environment without what a run around this one has told: a variable that does not apply is not inherited either. */
export function withoutRunVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !RUN_VARIABLES.test(name)));
}
