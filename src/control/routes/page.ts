import { PageDocument } from "../../rig/page/page-document.ts";
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
    const document = await PageDocument.read();
    return bytes(once(Buffer.from(document.live)), MEDIA, {
      "Content-Security-Policy": `${document.policy}; frame-ancestors 'none'`,
      "Referrer-Policy": "no-referrer",
    });
  },
});

export const pageRoutes: readonly Route[] = [page];
