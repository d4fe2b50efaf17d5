import { formatDuration } from "../model/format.ts";
import { isFailure, type Note } from "../model/row.ts";
import { Marked } from "./marked.tsx";
import { usePage } from "./page-context.ts";

const FORMS: Readonly<Record<string, string>> = { test: "=?", read: "?", write: "=…", execute: "" };

/** What is said beside a row: which command it was and how it ended, or what the host did wrong. */
export function NoteView({ note, search }: { readonly note: Note; readonly search: string }) {
  const { glossary } = usePage();
  switch (note.kind) {
    case "command": {
      const { name, form, result, ms = 0 } = note;
      return (
        <p class="note command">
          <b>
            {name}
            {FORMS[form] ?? ""}
          </b>{" "}
          <span class="what">{glossary.commands[name] ?? ""}</span>{" "}
          <span class={`result ${result === undefined ? "running" : isFailure(result) ? "error" : "ok"}`}>
            {result === undefined ? "no final result yet" : explain(result, glossary)}
          </span>{" "}
          {result === undefined ? null : <span class="ms">{formatDuration(ms)}</span>}
        </p>
      );
    }
    case "unknown":
      return (
        <p class="note problem">
          <b>Unknown command</b> <Marked text={note.text} search={search} />. {meantBy(note)}
        </p>
      );
    case "lint":
      return (
        <p class="note problem">
          <b>Lint {note.rule}</b> <Marked text={note.message} search={search} />
        </p>
      );
    case "data":
      return <p class="note data">{note.text}</p>;
  }
}

/** A final result with what its number means. */
function explain(result: string, { cme, cms }: ReturnType<typeof usePage>["glossary"]): string {
  const [, kind, code = ""] = /^\+(CM[ES]) ERROR: (\d+)$/.exec(result) ?? [];
  const text = kind === "CME" ? cme[code] : kind === "CMS" ? cms[code] : undefined;
  return text === undefined ? result : `${result}, ${text}`;
}

function meantBy({ nearest, lacking }: Extract<Note, { readonly kind: "unknown" }>): string {
  if (lacking === true) return "This identity lacks it.";
  return nearest.length === 0 ? "No command has a name like it." : `Nearest: ${nearest.join(", ")}`;
}
