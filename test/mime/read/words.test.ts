import { expect, test } from "vitest";
import { decodeWords } from "../../../src/mime/read/words.ts";

test.each([
  ["plain", "plain"],
  ["=?utf-8?B?5rWL6K+V?=", "测试"],
  ["=?UTF-8?q?a_b=C3=A9?= tail", "a bé tail"],
  ["=?utf-8?q?=E6=B5?= \t=?utf-8?q?=8B?=", "测"],
  ["=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé"],
  ["=?gbk?B?suLK1A==?=", "测试"],
  ["=?koi8-r?B?0NLJ18XU?=", "привет"],
  ["=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"],
  ["=?iso-2022-jp?B?GyRCRnw=?= =?iso-2022-jp?B?S1wbKEI=?=", "日本"],
  ["=?utf-8?q?a?==?utf-8?q?b?=", "ab"],
  ["=?utf-8*en?q?x?=", "x"],
  ["=?windows-1252?Q?=80uro_=96_it=92s_=93=94?=", "€uro – it’s “”"],
  ["=?iso-8859-1?Q?=80uro=96a?=", "€uro–a"],
  ["=?us-ascii?Q?=C3=A9?=", "é"],
  ["voil\xc3\xa0", "voilà"],
  ["\xc3\xa0 =?utf-8?q?b?=", "à b"],
  ["=?no-such-charset?q?=C3=A9?=", "é"],
  ["=?utf-8?q?=E9?=", "é"],
  ["=?utf-8?x?a?=", "=?utf-8?x?a?="],
  ["=?utf-8?q?a", "=?utf-8?q?a"],
  ["\xc3\xa9", "é"],
  ["\xe9", "é"],
])("the words %j are %j", (text, decoded) => {
  expect(decodeWords(text)).toBe(decoded);
});
