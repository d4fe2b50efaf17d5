// Writes the table of commands into README.md, between its two marks, from the command table in dist/. With --check it only
// says whether the table there is the right one.
import { readFileSync, writeFileSync } from "node:fs";
import { describeForReadme } from "../../dist/cli/commands.js";

const file = new URL("../../README.md", import.meta.url);
const text = readFileSync(file, "utf8");
const updated = text.replace(
  /(<!-- commands -->\n)[\s\S]*?(<!-- \/commands -->)/,
  (_, begin, end) => `${begin}${describeForReadme()}${end}`,
);
if (process.argv.includes("--check")) {
  if (updated !== text) console.error("The table of commands in README.md is out of date: run `npm run readme`.");
  process.exitCode = updated === text ? 0 : 1;
} else {
  writeFileSync(file, updated);
}
