import { readPageFile } from "../../platform/disk/files.ts";
import { PageDocument } from "../../rig/page/page-document.ts";
import { ControlError } from "../control-error.ts";
import { bytes, defineRoute, once, type Route } from "../route.ts";

const MEDIA = "text/html; charset=utf-8";

/** The page holds nothing of the rig, so that a browser, which sends no token by itself, may load it. */
const page = defineRoute({
  method: "GET",
  path: "/",
  summary: "The page: the conversation of host and modules, live, and switches for everything below",
  isPublic: true,
  answer: { media: MEDIA },
  async handle() {
    const document = await PageDocument.live();
    return bytes(once(Buffer.from(document.text)), MEDIA, {
      "Content-Security-Policy": `${document.policy}; frame-ancestors 'none'`,
      "Referrer-Policy": "no-referrer",
    });
  },
});

/** A file that the page loads. Under one version it never changes, so that browsers may keep it. */
function part(name: string, media: string, summary: string): Route {
  return defineRoute({
    method: "GET",
    path: `/page/{version}/${name}`,
    summary,
    params: { version: "The version that the page names" },
    isPublic: true,
    answer: { media },
    refusals: { 404: "The page has no such version" },
    async handle({ params }) {
      const content = await readPageFile(`/${params.version}/${name}`);
      if (content === undefined) throw new ControlError(404, `there is no version ${params.version} of the page`);
      return bytes(once(content), media, { "Cache-Control": "public, max-age=31536000, immutable" });
    },
  });
}

export const pageRoutes: readonly Route[] = [
  page,
  part("script.js", "text/javascript; charset=utf-8", "The script of the page"),
  part("style.css", "text/css; charset=utf-8", "The style of the page"),
];
