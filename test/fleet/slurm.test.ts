import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until, VMODEM } from "../support/program.ts";
import { works } from "../support/project.ts";
import { type Slurm, startSlurm } from "./slurm.ts";

const BATCH = join(import.meta.dirname, "..", "..", "fixtures", "deploy", "slurm", "tests.sbatch");
const isRoot = process.getuid?.() === 0;
const isThere = isRoot && (await works("slurmctld", "-V")) && (await works("munged", "--version"));

describe.skipIf(!isThere)("modems as a resource of Slurm", () => {
  let slurm: Slurm;
  beforeAll(async () => {
    slurm = await startSlurm();
  });
  afterAll(() => slurm?.close());

  test("a job that asks for one runs with it", async () => {
    const script = 'test -c "$VMODEM_PORT" && echo "a port, and mail at $VMODEM_SANDBOX_SMTP"';
    const output = await slurm.run("srun", "--gres=modem:1", VMODEM, "run", "--sandbox", "--", "sh", "-c", script);
    expect(output).toMatch(/^a port, and mail at 127\.0\.0\.1:\d+\n$/);
  });

  test("more than there are is refused", async () => {
    const refusal = slurm.run("srun", "--gres=modem:5", "true");
    await expect(refusal).rejects.toThrow(/Requested node configuration is not available/);
  });

  test("while all are taken, one who will not wait is refused", async () => {
    const holder = await slurm.run("sbatch", "--parsable", "--gres=modem:4", "--wrap", "touch taken; sleep 100");
    await until(() => existsSync(join(slurm.folder, "taken")), "the job that takes all");
    await expect(slurm.run("srun", "--immediate=1", "--gres=modem:1", "true")).rejects.toThrow(/allocate resources/);
    await slurm.run("scancel", holder.trim());
  });

  test("twenty tests share four, and their records and reports come back", async () => {
    writeFileSync(
      join(slurm.folder, "one.sh"),
      `date +%s%N; exec 3<>"$VMODEM_PORT"; printf 'AT\\r' >&3; head -c 9 <&3 | grep -c OK; date +%s%N\n`,
    );
    await slurm.run("sbatch", "--wait", "--array=1-20", BATCH, "sh", "one.sh");
    const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
    const spans = numbers.map((number) => {
      const [begin, count, end] = read(`test-${number}.out`).trim().split("\n").map(Number);
      expect({ number, count }).toEqual({ number, count: 1 });
      return { begin: begin ?? 0, end: end ?? 0 };
    });
    const atOnce = spans.map(({ begin }) => spans.filter((other) => other.begin <= begin && begin < other.end).length);
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(4);
    for (const number of numbers) {
      expect(read(`test-${number}.jsonl`)).toContain('"line","text":"AT"');
      expect(read(`test-${number}.xml`)).toContain("<testsuite");
    }
  });

  test("scancel leaves no modem, no link and no child", async () => {
    const link = join(slurm.folder, "modem");
    const script = `exec ${VMODEM} run --link ${link} -- sh -c 'sleep 4321 & sleep 4321'`;
    const job = (await slurm.run("sbatch", "--parsable", "--gres=modem:1", "--wrap", script)).trim();
    const ours = () => processesWith(link).length + processesWith("sleep\u00004321").length;
    await until(() => existsSync(link) && ours() >= 3, "the modem of the job");
    await slurm.run("scancel", job);
    await until(() => !existsSync(link) && ours() === 0, "everything to end");
  });

  function read(name: string): string {
    return readFileSync(join(slurm.folder, name), "utf8");
  }
});

/** The processes whose arguments hold a text. */
function processesWith(text: string): readonly string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "utf8").includes(text);
    } catch {
      return false;
    }
  });
}
