import { expect, test } from "vitest";
import { Efs } from "../../../src/efs/efs.ts";
import { DIALECTS } from "../../../src/module/dialect.ts";
import { Rtc } from "../../../src/module/rtc.ts";
import { Nvram } from "../../../src/module/settings/nvram.ts";
import { Settings } from "../../../src/module/settings/settings.ts";
import { silentLog } from "../../../src/platform/log.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { WorkSet } from "../../../src/platform/work-set.ts";
import { Pop3Service } from "../../../src/services/pop3/service.ts";
import { ScriptedNetwork } from "../../support/scripted-network.ts";

test("a service tells whether it is busy and has a session, and who connects", async () => {
  const clock = new VirtualClock();
  const nvram = Nvram.inMemory();
  const network = new ScriptedNetwork({
    acts: [
      "+OK\r\n",
      { hears: "USER u\r\n" },
      "+OK\r\n",
      { hears: "PASS p\r\n" },
      "+OK\r\n",
      { hears: "QUIT\r\n" },
      "+OK\r\n",
    ],
  });
  const pop3 = new Pop3Service({
    network,
    clock,
    settings: new Settings(nvram),
    timing: { timeoutScale: 1, packetGap: 0, promptDelay: 0 },
    outlet: { urc: () => undefined },
    log: silentLog,
    work: new WorkSet(),
    signal: new AbortController().signal,
    efs: await Efs.open({ clock }),
    rtc: new Rtc(clock, nvram, undefined),
    dialect: DIALECTS.manual,
  });
  pop3.parameters = { server: "mail", user: "u", password: "p", port: 110 };
  const state = () => [pop3.busy, pop3.session];
  expect(state()).toEqual([false, false]);
  const loggedIn = pop3.logIn();
  expect(state()).toEqual([true, false]);
  await loggedIn;
  expect(state()).toEqual([false, true]);
  expect(network.targets).toEqual([{ host: "mail", port: 110, service: "pop3" }]);
  const loggedOut = pop3.logOut();
  expect(state()).toEqual([true, true]);
  await loggedOut;
  expect(state()).toEqual([false, false]);
  expect(clock.pendingAlarms).toBe(0);
});
