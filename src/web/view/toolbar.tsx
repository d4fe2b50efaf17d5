import { GROUPS, type Group } from "../model/row.ts";
import { usePage } from "./page-context.ts";

interface ToolbarProps {
  /** Whether control bytes are shown. */
  readonly controls: boolean;
  readonly onControls: (shown: boolean) => void;
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
  /** The row that is pointed out. */
  readonly target: number | undefined;
  readonly onShow: (id: number) => void;
}

/** Search, filter, and the way from one problem to the next. */
export function Toolbar({ controls, onControls, follow, onFollow, target, onShow }: ToolbarProps) {
  const { session } = usePage();
  const { selection, conversation, pausedAt } = session;
  const { hidden, problems } = selection.criteria;
  const toggle = (group: Group) => {
    const next = new Set(hidden);
    if (!next.delete(group)) next.add(group);
    session.choose({ hidden: next });
  };
  const jump = (step: 1 | -1) => {
    const { ids } = selection;
    const start = target === undefined ? (step > 0 ? -1 : ids.length) : ids.indexOf(target);
    for (let place = start + step; place >= 0 && place < ids.length; place += step) {
      const id = ids[place] ?? 0;
      if (conversation.row(id)?.bad) return onShow(id);
    }
  };
  return (
    <div class="toolbar" role="toolbar" aria-label="Conversation">
      <input
        type="search"
        placeholder="Search"
        aria-label="Search the conversation"
        onInput={({ currentTarget }) => session.choose({ search: currentTarget.value })}
      />
      <details class="filter">
        <summary>Filter{hidden.size > 0 ? ` (${hidden.size} hidden)` : ""}</summary>
        <fieldset>
          <legend>Show</legend>
          {Object.entries(GROUPS).map(([group, label]) => (
            <label key={group}>
              <input type="checkbox" checked={!hidden.has(group as Group)} onChange={() => toggle(group as Group)} />
              {label}
            </label>
          ))}
          <label>
            <input type="checkbox" checked={controls} onChange={() => onControls(!controls)} />
            Control bytes
          </label>
        </fieldset>
      </details>
      <button type="button" aria-pressed={problems} onClick={() => session.choose({ problems: !problems })}>
        Problems only
      </button>
      <span class="jump">
        <button type="button" aria-label="Previous problem" onClick={() => jump(-1)}>
          ↑
        </button>
        <button type="button" aria-label="Next problem" onClick={() => jump(1)}>
          ↓
        </button>
      </span>
      {session.status.kind === "record" ? null : (
        <span class="stream">
          <button
            type="button"
            aria-pressed={pausedAt !== undefined}
            onClick={() => session.pause(pausedAt === undefined)}
          >
            Pause
          </button>
          <button type="button" aria-pressed={follow} onClick={() => onFollow(!follow)}>
            Follow
          </button>
          <button type="button" onClick={() => session.clear()}>
            Clear
          </button>
        </span>
      )}
    </div>
  );
}
