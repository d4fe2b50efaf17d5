import { describe, expect, test } from "vitest";
import type { GpsFix } from "../../../src/module/gps/gps.ts";
import { infoLines, locationLine } from "../../../src/module/gps/gps-lines.ts";
import { nmeaSentences } from "../../../src/module/gps/nmea.ts";
import { dateField, latitudeField, longitudeField, timeField } from "../../../src/module/gps/nmea-fields.ts";

/** 37 degrees 34.035426 minutes north, 121 degrees 58.143130 minutes west, at 92.6 km/h, which are 50 knots. */
const FIX: GpsFix = {
  epoch: Date.UTC(2017, 9, 12, 4, 5, 58, 600),
  latitude: 37.5672571,
  longitude: -121.96905217,
  altitude: -15.3,
  speed: 92.6,
  course: 84.4,
};

const OPEN = { fix: FIX, skyOpen: true };
const CLOSED = { fix: undefined, skyOpen: false };

const VIEW_1 = "$GPGSV,2,1,08,03,62,114,41,06,45,288,38,09,31,201,36,16,74,035,44*75";
const VIEW_2 = "$GPGSV,2,2,08,19,18,322,29,22,53,167,40,26,12,078,27,31,27,249,33*7F";

/** The checksums were computed apart from the program. */
describe("sentences", () => {
  test.each([
    ["GGA", 1, ["$GPGGA,040558.6,3734.035426,N,12158.143130,W,1,08,0.9,-15.3,M,0.0,M,,*61"]],
    ["RMC", 2, ["$GPRMC,040558.6,A,3734.035426,N,12158.143130,W,50.0,84.4,121017,,,A*71"]],
    ["GSV", 4, [VIEW_1, VIEW_2]],
    ["GSA", 8, ["$GPGSA,A,3,03,06,09,16,19,22,26,31,,,,,1.6,0.9,1.3*3B"]],
    ["VTG", 16, ["$GPVTG,84.4,T,,M,50.0,N,92.6,K,A*3D"]],
    ["none", 0, []],
  ])("%s with a fix", (_, mask, sentences) => {
    expect(nmeaSentences(OPEN, mask)).toEqual(sentences);
  });

  test.each([
    ["GGA", 1, "$GPGGA,,,,,,0,,,,,,,,*66"],
    ["RMC", 2, "$GPRMC,,V,,,,,,,,,,N*53"],
    ["GSV", 4, "$GPGSV,1,1,00*79"],
    ["GSA", 8, "$GPGSA,A,1,,,,,,,,,,,,,,,*1E"],
    ["VTG", 16, "$GPVTG,,T,,M,,N,,K,N*2C"],
  ])("%s without one", (_, mask, sentence) => {
    expect(nmeaSentences(CLOSED, mask)).toEqual([sentence]);
  });

  test("satellites are in view before there is a fix", () => {
    expect(nmeaSentences({ fix: undefined, skyOpen: true }, 4)).toEqual([VIEW_1, VIEW_2]);
  });

  test("a whole set has each sentence once", () => {
    const names = nmeaSentences(OPEN, 31).map((sentence) => sentence.slice(3, 6));
    expect(names).toEqual(["GSV", "GSV", "GGA", "VTG", "RMC", "GSA"]);
  });
});

describe("fields", () => {
  test.each([
    [0, "0000.000000,N"],
    [-0.5, "0030.000000,S"],
    [37.5672571, "3734.035426,N"],
    [-89.999_999_999, "9000.000000,S"],
    [9.999_999_999, "1000.000000,N"],
    [90, "9000.000000,N"],
  ])("latitude %d is %s", (latitude, field) => {
    expect(latitudeField(latitude)).toBe(field);
  });

  test.each([
    [0, "00000.000000,E"],
    [7.4474, "00726.844000,E"],
    [-121.96905217, "12158.143130,W"],
    [180, "18000.000000,E"],
    [-180, "18000.000000,W"],
  ])("longitude %d is %s", (longitude, field) => {
    expect(longitudeField(longitude)).toBe(field);
  });

  test.each([
    [Date.UTC(2017, 9, 12, 4, 5, 58, 600), "121017", "12102017", "040558.6"],
    [Date.UTC(2000, 0, 1), "010100", "01012000", "000000.0"],
    [Date.UTC(1999, 11, 31, 23, 59, 59, 999), "311299", "31121999", "235959.9"],
    [Date.UTC(1969, 11, 31, 23, 59, 59, 250), "311269", "31121969", "235959.2"],
  ])("the moment %d is %s, %s and %s", (epoch, date, longDate, time) => {
    expect([dateField(epoch, 2), dateField(epoch, 4), timeField(epoch)]).toEqual([date, longDate, time]);
  });
});

describe("the lines of commands", () => {
  test.each([
    [{}, "+CGPSINFO:3734.035426,N,12158.143130,W,121017,040558.6,-15.3,50.0,84.4"],
    [{ speed: 0, course: 0 }, "+CGPSINFO:3734.035426,N,12158.143130,W,121017,040558.6,-15.3,0.0,0"],
    [{ course: 359.97 }, "+CGPSINFO:3734.035426,N,12158.143130,W,121017,040558.6,-15.3,50.0,360"],
  ])("AT+CGPSINFO with %o", (change, line) => {
    expect(infoLines({ fix: { ...FIX, ...change }, skyOpen: true })).toEqual([line, "AmpI/AmpQ: 1057/1057"]);
  });

  test("AT+CGPSINFO without a fix", () => {
    expect(infoLines(CLOSED)).toEqual(["+CGPSINFO:,,,,,,,,", "AmpI/AmpQ: 1057/1057"]);
  });

  test("+CAGPSINFO counts hundred-millionths of a degree", () => {
    expect(locationLine(FIX)).toBe("+CAGPSINFO:3756725710,-12196905217,-15.3,12102017,040558.6");
  });
});
