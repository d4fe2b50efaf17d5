import { render } from "preact";
import type { Glossary } from "../rig/page/glossary.ts";
import { Api } from "./live/api.ts";
import { embedded } from "./live/record.ts";
import { Session } from "./live/session.ts";
import { App } from "./view/app.tsx";

const place = document.getElementById("page");
const api = new Api();
const fragment = /^#token=(.+)$/.exec(location.hash)?.[1];
if (fragment !== undefined) {
  api.useToken(decodeURIComponent(fragment));
  history.replaceState(null, "", location.pathname);
}
const glossary = embedded<Glossary>("glossary") ?? { commands: {}, cme: {}, cms: {} };
const session = new Session(api);
if (place !== null) {
  place.textContent = "";
  render(<App session={session} glossary={glossary} />, place);
  void session.start();
}
