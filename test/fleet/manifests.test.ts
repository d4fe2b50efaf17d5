import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { ROUTES } from "../../src/control/routes/routes.ts";
import { temporaryFolder } from "../real/host-run.ts";
import { startProgram } from "../support/program.ts";
import { works } from "../support/project.ts";
import { PYTHON } from "./labgrid.ts";

const run = promisify(execFile);
const deploy = (...names: readonly string[]) => join(import.meta.dirname, "..", "..", "fixtures", "deploy", ...names);

/** The documents of a YAML file. */
async function documentsOf(path: string) {
  const script = "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))";
  return JSON.parse((await run(PYTHON, ["-c", script, path])).stdout);
}

describe.skipIf(!(await works(PYTHON, "-c", "import kubernetes")))("the manifests for Kubernetes", () => {
  const MANIFESTS = deploy("kubernetes", "vmodem.yaml");
  const check = (path: string) => run(PYTHON, [join(import.meta.dirname, "check-manifests.py"), path]);

  test("hold to the models of its client", async () => {
    const { stdout } = await check(MANIFESTS);
    expect(stdout.trim().split("\n")).toEqual([
      "ok Secret vmodem",
      "ok Service vmodem",
      "ok NetworkPolicy vmodem",
      "ok StatefulSet vmodem",
    ]);
  });

  test.each([
    ["a field that there is not", /serviceName/, "servicesName", /StatefulSet\.spec has no field servicesName/],
    ["a text for a number", /replicas: 4/, 'replicas: "4"', /StatefulSet\.spec\.replicas is no int/],
    ["no name of the service", / {2}serviceName.*\n/, "", /`service_name`, must not be `None`/],
  ])("with %s are refused", async (_, what, instead, complaint) => {
    const path = join(await temporaryFolder(), "wrong.yaml");
    writeFileSync(path, readFileSync(MANIFESTS, "utf8").replace(what, instead));
    await expect(check(path)).rejects.toThrow(complaint);
  });

  test("agree with one another and with the program", async () => {
    const [secret, service, policy, { spec }] = await documentsOf(MANIFESTS);
    const { template } = spec;
    const [container] = template.spec.containers;
    expect(spec.serviceName).toBe(service.metadata.name);
    for (const labels of [spec.selector.matchLabels, service.spec.selector, policy.spec.podSelector.matchLabels]) {
      expect(template.metadata.labels).toMatchObject(labels);
    }
    const ports = container.ports.map((port: { name: string; containerPort: number }) => [
      port.name,
      port.containerPort,
    ]);
    expect(service.spec.ports.map((port: { name: string; port: number }) => [port.name, port.port])).toEqual(ports);
    expect(policy.spec.ingress[0].ports.map(({ port }: { port: string }) => port)).toEqual(["rfc2217", "control"]);
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      const { path, port } = container[probe].httpGet;
      expect(ROUTES).toContainEqual(expect.objectContaining({ method: "GET", path }));
      expect(port).toBe("control");
    }
    expect(container.env[0].valueFrom.secretKeyRef).toEqual({ name: secret.metadata.name, key: "token" });
    expect(Object.keys(secret.stringData)).toEqual(["token"]);
  });

  test("give the program arguments that it takes", async () => {
    const [secret, , , { spec }] = await documentsOf(MANIFESTS);
    const given = secret.stringData.token;
    const args = spec.template.spec.containers[0].args.map((argument: string) =>
      argument.replace(/(?<=:)\d+$/, "0").replace("$(TOKEN)", given),
    );
    const program = startProgram(args);
    const { port, control, token } = JSON.parse(await program.waitFor("\n"));
    expect(port).toMatch(/^rfc2217:/);
    expect(token).toBeUndefined();
    const api = `${control.replace("0.0.0.0", "127.0.0.1")}/api/`;
    expect((await fetch(`${api}health`)).status).toBe(200);
    expect((await fetch(`${api}modems`)).status).toBe(401);
    expect((await fetch(`${api}modems`, { headers: { Authorization: `Bearer ${given}` } })).status).toBe(200);
  });
});

describe.skipIf(!(await works(PYTHON, "-c", "import serial, yaml")))("the exporter of Jumpstarter", () => {
  test("names a port that pyserial opens", async () => {
    const [exporter] = await documentsOf(deploy("jumpstarter", "exporter.yaml"));
    const { url, baudrate } = exporter.export.modem.config;
    expect(url).toMatch(/^rfc2217:\/\/farm1:4000$/);
    const program = startProgram(["start", "--json", "--rfc2217", "0"]);
    const { port } = JSON.parse(await program.waitFor("\n"));
    const script =
      "import serial, sys; port = serial.serial_for_url(sys.argv[1], baudrate=int(sys.argv[2]), timeout=5); " +
      'port.write(b"AT\\r"); print(port.read_until(b"OK\\r\\n"))';
    const here = url.replace("farm1:4000", new URL(port).host);
    expect((await run(PYTHON, ["-c", script, here, String(baudrate)])).stdout).toContain("OK\\r\\n");
  });
});
