import { formatBytes, formatTime } from "../model/format.ts";
import { bytesOf, type Row } from "../model/row.ts";
import { BytesView, isLong } from "./bytes-view.tsx";
import { Marked } from "./marked.tsx";
import { memo } from "./memo.ts";
import { NoteView } from "./note-view.tsx";

interface RowViewProps {
  readonly row: Row;
  /** A row changes in place; its version tells. */
  readonly version: number;
  readonly place: number;
  readonly search: string;
  readonly showModem: boolean;
  readonly isTarget: boolean;
  readonly isOpen: boolean;
  readonly onToggle: (id: number) => void;
}

/** How much of a row is ever shown. */
const MOST = 64 * 1024;
/** How many sentences of a row are shown while it is folded. */
const FOLDED = 3;

const SPEAKERS = { host: "Host", module: "Module", rig: "Rig" } as const;

/** One row of the conversation. */
export const RowView = memo(({ row, place, search, showModem, isTarget, isOpen, onToggle }: RowViewProps) => {
  const bytes = bytesOf(row, MOST);
  const folds = isLong(bytes) || row.text.length > FOLDED + 1;
  const text = isOpen || !folds ? row.text : row.text.slice(0, FOLDED);
  const isNamed = showModem && row.modem !== undefined;
  return (
    <li
      class={`row ${classesOf(row, { target: isTarget, named: isNamed })}`}
      aria-posinset={place + 1}
      aria-setsize={-1}
      aria-current={isTarget ? "true" : undefined}
    >
      <time title={`event ${row.seq}`}>{formatTime(row.at)}</time>
      <div class="said">
        <span class="who">
          <span class={row.side === "rig" ? "unseen" : ""}>{SPEAKERS[row.side]}</span>
          {isNamed ? ` ${row.modem}` : ""}
          {row.group === "urc" ? " unsolicited" : row.data ? " data" : ""}
        </span>
        <div class="bubble">
          {text.map((sentence, index) => (
            <p key={index}>
              <Marked text={sentence} search={search} />
            </p>
          ))}
          {bytes === "" ? null : <BytesView bytes={bytes} isOpen={isOpen} search={search} />}
          {folds ? (
            <button type="button" class="fold" aria-expanded={isOpen} onClick={() => onToggle(row.id)}>
              {isOpen ? "Fold" : bytes === "" ? `All ${row.text.length}` : `All ${formatBytes(row.size)}`}
            </button>
          ) : null}
        </div>
        {row.notes.map((note, index) => (
          <NoteView key={index} note={note} search={search} />
        ))}
      </div>
    </li>
  );
});

/** What the style tells rows apart by. */
function classesOf({ side, group, bad, data, fresh }: Row, shown: Readonly<Record<string, boolean>>): string {
  const flags = Object.entries({ bad, data, fresh, ...shown }).filter(([, isSet]) => isSet);
  return [side, group, ...flags.map(([name]) => name)].join(" ");
}

/** About how high a row is, before it is measured. */
export function estimateHeight(row: Row | undefined): number {
  if (row === undefined) return 0;
  const lines = row.side === "rig" ? row.text.length : Math.min(12, Math.ceil(row.size / 50));
  return 44 + lines * 20 + row.notes.length * 22;
}
