import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";

const root = join(import.meta.dirname, "..");
const web = join(root, "src", "web");

/**
 * Bundles the page of src/web/ in two forms. `live.html` loads its script and its style from the server that it came from, by
 * the version of both, so that browsers may keep them; `record.html` has both inside and opens from disk. The policy of each
 * allows nothing else. The program replaces `%data%` by what the page shows.
 */
export async function bundlePage() {
  const script = await bundleScript();
  const style = await readStyles();
  const template = await readFile(join(web, "page.html"), "utf8");
  const icon = `data:image/svg+xml,${encodeURIComponent((await readFile(join(web, "icon.svg"), "utf8")).trim())}`;
  const write = (parts) => template.replace(/%(\w+)%/g, (place, name) => ({ icon, ...parts })[name] ?? place);
  const version = createHash("sha256").update(script).update(style).digest("hex").slice(0, 16);
  const files = {
    "live.html": write({
      policy: policy("'self'", "'self'"),
      style: `<link rel="stylesheet" href="/page/${version}/style.css">`,
      script: `<script src="/page/${version}/script.js"></script>`,
    }),
    "record.html": write({
      policy: policy(hash(script), hash(style)),
      style: `<style>${style}</style>`,
      script: `<script>${script}</script>`,
    }),
    [join(version, "script.js")]: script,
    [join(version, "style.css")]: style,
  };
  const folder = join(root, "dist", "web");
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, version), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

function policy(script, style) {
  return [
    "default-src 'none'",
    `script-src ${script}`,
    `style-src ${style}`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

async function bundleScript() {
  const bundle = await rolldown({
    cwd: root,
    input: join(web, "main.tsx"),
    platform: "browser",
    tsconfig: join(web, "tsconfig.json"),
    onLog: (level, { message }) => {
      if (level === "warn") throw new Error(message);
    },
  });
  const { output } = await bundle.generate({ format: "iife", minify: true, comments: false });
  await bundle.close();
  // A browser recognizes the end of a script element inside of strings, too.
  return output[0].code.replaceAll("</script", "<\\/script").trim();
}

async function readStyles() {
  const names = await readdir(join(web, "style"));
  const styles = names.toSorted().map((name) => readFile(join(web, "style", name), "utf8"));
  return (await Promise.all(styles)).join("\n");
}

/** What a Content-Security-Policy allows a text by. */
function hash(text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
