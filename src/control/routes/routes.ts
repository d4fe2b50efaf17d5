import type { Route } from "../route.ts";
import { callRoutes } from "./calls.ts";
import { efsRoutes } from "./efs.ts";
import { eventRoutes } from "./events.ts";
import { faultRoutes } from "./faults.ts";
import { gpsRoutes } from "./gps.ts";
import { modemRoutes } from "./modems.ts";
import { pageRoutes } from "./page.ts";
import { rigRoutes } from "./rig.ts";
import { fileRoutes } from "./sandbox/files.ts";
import { httpRoutes } from "./sandbox/http.ts";
import { mailRoutes } from "./sandbox/mail.ts";
import { smsRoutes } from "./sms.ts";
import { typingRoutes } from "./typing.ts";

/** The table of routes: router, OpenAPI document, `vmodem ctl` and its help read it. */
export const ROUTES: readonly Route[] = [
  ...pageRoutes,
  ...rigRoutes,
  ...modemRoutes,
  ...typingRoutes,
  ...smsRoutes,
  ...callRoutes,
  ...gpsRoutes,
  ...efsRoutes,
  ...eventRoutes,
  ...faultRoutes,
  ...mailRoutes,
  ...httpRoutes,
  ...fileRoutes,
];
