import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";

const root = join(import.meta.dirname, "..");
const web = join(root, "src", "web");

/**
 * Bundles the page of src/web/ into one document, dist/web/page.html: its style and its script stand in it, and its policy
 * allows no other. The program replaces `%data%` by what the page shows.
 */
export async function bundlePage() {
  const script = await bundleScript();
  const style = await readStyles();
  const icon = await readFile(join(web, "icon.svg"), "utf8");
  const parts = {
    policy: [
      "default-src 'none'",
      `script-src ${hash(script)}`,
      `style-src ${hash(style)}`,
      "img-src data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; "),
    icon: `data:image/svg+xml,${encodeURIComponent(icon.trim())}`,
    style,
    script,
    data: "%data%",
  };
  const template = await readFile(join(web, "page.html"), "utf8");
  const folder = join(root, "dist", "web");
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "page.html"),
    template.replace(/%(\w+)%/g, (_, name) => parts[name]),
  );
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
