import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Glossary } from "../../rig/page/glossary.ts";
import type { OpenApi } from "../form/open-api.ts";
import type { Session } from "../live/session.ts";

/** What every part of the page may need. */
export interface Page {
  readonly session: Session;
  readonly glossary: Glossary;
  /** Absent for a record, and until it has come. */
  readonly openApi: OpenApi | undefined;
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error("outside of the page");
  return page;
}
