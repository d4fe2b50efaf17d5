import type { LinePhase } from "../at/line/owner.ts";
import type { DialectName } from "../module/dialect.ts";
import type { SettingName } from "../module/settings/settings.ts";
import type { ModemStateView } from "../module/state/modem-state.ts";
import type { LinkView } from "../services/sockets/service.ts";
import type { ModemServices } from "./powered-module.ts";

/** The state of a modem, and what its AT interface and its services are doing, as values of JSON. */
export interface ModemSnapshot extends ModemStateView {
  readonly port: string;
  readonly identity: string;
  readonly dialect: DialectName;
  readonly host: {
    /** What the line of the host is busy with. */
    readonly phase: LinePhase | "off";
    /** Bytes that wait for the host. */
    readonly backlog: number;
  };
  readonly settings: Readonly<Record<SettingName, number>>;
  readonly services: {
    readonly smtp: { readonly busy: boolean };
    /** `session` is the server of the session, or null. */
    readonly pop3: { readonly busy: boolean; readonly session: string | null };
    readonly ftp: { readonly busy: boolean };
    readonly http: { readonly busy: boolean };
  };
  /** The links that are open, or hold data that the host has not read. */
  readonly sockets: readonly LinkView[];
}

/** What the services are doing; nothing while the module is off, or has had no command. */
export function describeServices(services: ModemServices | undefined): ModemSnapshot["services"] {
  const { smtp, pop3, ftp, http } = services ?? {};
  return {
    smtp: { busy: smtp?.busy ?? false },
    pop3: { busy: pop3?.busy ?? false, session: pop3?.sessionServer ?? null },
    ftp: { busy: ftp?.busy ?? false },
    http: { busy: http?.busy ?? false },
  };
}
