import { CME_ERROR_TEXTS } from "../../at/cme-error.ts";
import { CMS_ERROR_TEXTS } from "../../at/cms-error.ts";
import { ALL_COMMANDS } from "../../commands/all-commands.ts";

/** What the page tells about the words of a module: what each command is for, and what the numbers of errors mean. */
export interface Glossary {
  readonly commands: Readonly<Record<string, string>>;
  readonly cme: Readonly<Record<string, string>>;
  readonly cms: Readonly<Record<string, string>>;
}

export function glossary(): Glossary {
  return {
    commands: Object.fromEntries(ALL_COMMANDS.map(({ name, summary }) => [name, summary])),
    cme: CME_ERROR_TEXTS,
    cms: CMS_ERROR_TEXTS,
  };
}
