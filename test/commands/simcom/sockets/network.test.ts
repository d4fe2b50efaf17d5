import { describe, test } from "vitest";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { until } from "../../../support/loopback.ts";
import { openNetwork, socketModem } from "../../../support/socket-modem.ts";

const CLOSED = framed("+NETCLOSE: 0");
/** The time of dialect `field` from AT+NETCLOSE to its outcome. */
const CLOSING = 1500;

describe("NETCLOSE in dialect field", () => {
  async function closing() {
    const parts = await socketModem({ identity: "sim5320", dialect: "field" });
    await openNetwork(parts);
    await parts.dte.command("AT+NETCLOSE\r", OK);
    return parts;
  }

  test("its outcome comes a while after OK, and the network is closed at once", async () => {
    const { dte } = await closing();
    await dte.command("AT+NETOPEN?\r", info("+NETOPEN: 0,0"));
    await dte.command("AT+IPADDR\r", framed("+IP ERROR: Network not opened") + ERROR);
    await dte.command("AT+NETCLOSE\r", framed("+IP ERROR: Network is already closed") + ERROR);
    await dte.command('AT+CIPOPEN=0,"TCP","server.example",80\r', framed("+CIPOPEN: 0,2") + ERROR);
    await dte.expectNothing(CLOSING - 1);
    await dte.expect(CLOSED, { within: 1 });
    await openNetwork({ dte });
  });

  test("a NETOPEN in between has its outcome after it", async () => {
    const { dte } = await closing();
    await dte.command("AT+NETOPEN\r", OK);
    await dte.command("AT+NETOPEN\r", OK);
    await dte.expectNothing(CLOSING - 1);
    await dte.expect(CLOSED + framed("+NETOPEN: 0") + framed("+NETOPEN: 4"), { within: 1 });
    await dte.command("AT+NETOPEN?\r", info("+NETOPEN: 1,1"));
  });

  test("a NETOPEN of the older set in between opens at once", async () => {
    const { dte } = await closing();
    await dte.command('AT+NETOPEN="TCP"\r', framed("Network opened") + OK);
    await dte.expect(CLOSED, { within: CLOSING });
    await dte.command("AT+NETOPEN?\r", info("+NETOPEN: 1,0"));
  });

  test.each([
    ["", ""],
    ["AT+NETOPEN\r", OK],
  ])("nothing is printed after a reset of the module: %j", async (open, answer) => {
    const { dte, modem, clock, host } = await closing();
    await dte.command(open, answer);
    await modem.reset();
    await until(() => clock.pendingAlarms === 0, "no alarm to be left");
    host.take();
    await dte.expectNothing(CLOSING);
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command("AT+NETOPEN?\r", info("+NETOPEN: 0,0"));
  });
});

describe("the context that NETOPEN activates", () => {
  const ADDRESS = "10.146.130.153";

  test.each([
    ["the later set", "AT+NETOPEN", OK + framed("+NETOPEN: 0"), OK + CLOSED],
    ["the older set", "AT+NETOPEN=,,1", framed("Network opened") + OK, framed("Network closed") + OK],
  ])("is active and has the address until NETCLOSE: %s", async (_, open, opened, closed) => {
    const { dte } = await socketModem();
    await dte.command('AT+CGDCONT=3,"IP","apn";+CSOCKSETPN=3\r', OK);
    await dte.command(`${open}\r`, opened);
    await dte.command("AT+IPADDR\r", info(`+IPADDR: ${ADDRESS}`));
    await dte.command("AT+CGACT?\r", info("+CGACT: 1,0", "+CGACT: 3,1"));
    await dte.command("AT+CGPADDR\r", info('+CGPADDR: 1,"0.0.0.0"', `+CGPADDR: 3,"${ADDRESS}"`));
    await dte.command("AT+CGACT=0,3;+CSOCKSETPN=1\r", OK);
    await dte.command("AT+CGPADDR=3\r", info(`+CGPADDR: 3,"${ADDRESS}"`));
    await dte.command("AT+NETCLOSE\r", closed);
    await dte.command("AT+CGACT?\r", info("+CGACT: 1,0", "+CGACT: 3,0"));
  });

  test("is no longer active when the network was lost, nor when it is back", async () => {
    const { dte } = await socketModem();
    await openNetwork({ dte });
    await dte.command("AT+CGATT=0\r", OK + framed("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY"));
    await dte.command("AT+CGATT=1\r", OK);
    await dte.command("AT+CGPADDR=1\r", info('+CGPADDR: 1,"0.0.0.0"'));
  });

  test("is lost behind the registration that it comes from", async () => {
    const { dte } = await socketModem();
    await dte.command("AT+CGREG=1\r", OK);
    await openNetwork({ dte });
    const told = framed("+CGREG: 0") + framed("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY");
    await dte.command("AT+CGATT=0\r", OK + told);
  });

  test("stays active when the host has activated it itself", async () => {
    const { dte } = await socketModem();
    await dte.command("AT+CGACT=1,1\r", OK);
    await openNetwork({ dte });
    await dte.command("AT+NETCLOSE\r", OK + CLOSED);
    await dte.command("AT+CGACT?\r", info("+CGACT: 1,1"));
  });
});
