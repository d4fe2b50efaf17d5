import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { useChanges } from "../live/changes.ts";
import type { Status } from "../live/session.ts";
import { formatAmount } from "../model/format.ts";
import { ModemField } from "./modem-field.tsx";
import { usePage } from "./page-context.ts";

const STATUS: { readonly [Kind in Status["kind"]]: string } = {
  loading: "Connecting",
  live: "Live",
  token: "Locked",
  lost: "Not connected",
  record: "Record",
};

/** What is shown, which modem, how fresh, and in which colors. */
export function Header() {
  const { session } = usePage();
  useChanges(session.slowChanges);
  const { status, conversation, dropped, selection } = session;
  const modems = [...conversation.modems];
  const ids = useMemo(() => modems.toSorted((a, b) => numberOf(a) - numberOf(b)), [modems.join(" ")]);
  const choose = useCallback((modem: string | undefined) => session.choose({ modem }), [session]);
  const rows = conversation.count;
  return (
    <header>
      <h1>vmodem</h1>
      <p class={`status ${status.kind}`} role="status">
        {STATUS[status.kind]}
        {status.kind === "record" && status.reading ? ", reading" : ""}
      </p>
      {status.kind === "lost" ? <p class="reason">{status.reason}; the page tries again</p> : null}
      <p class="count">
        {formatAmount(rows, "row")}
        {dropped > 0 ? `; the journal has lost ${formatAmount(dropped, "older event")}` : ""}
      </p>
      {ids.length > 1 ? <ModemField ids={ids} chosen={selection.criteria.modem} onChoose={choose} /> : null}
      <label class="button open">
        Open record
        <input
          type="file"
          accept=".jsonl"
          onChange={({ currentTarget }) => currentTarget.files?.[0] && void session.open(currentTarget.files[0])}
        />
      </label>
      <Theme />
    </header>
  );
}

const THEMES = ["auto", "light", "dark"] as const;

/** Follows the system's colors, or the user's choice. */
function Theme() {
  const [theme, setTheme] = useState<(typeof THEMES)[number]>("auto");
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "auto";
  return (
    <button type="button" class="theme" onClick={() => setTheme(next)}>
      Colors: {theme}
    </button>
  );
}

function numberOf(id: string): number {
  return Number(id.replace(/\D/g, ""));
}
