import { useCallback, useState } from "preact/hooks";
import { useChanges } from "../live/changes.ts";
import { placeOf } from "../model/ascending.ts";
import { formatAmount } from "../model/format.ts";
import { Lane } from "./lane.tsx";
import { usePage } from "./page-context.ts";
import { estimateHeight, RowView } from "./row-view.tsx";
import { Toolbar } from "./toolbar.tsx";
import { VirtualList } from "./virtual-list.tsx";

/** The conversation of host and module, with what happened beside it. */
export function ConversationView() {
  const { session } = usePage();
  const { conversation, selection, changedFrom, pausedAt } = session;
  const [follow, setFollow] = useState(true);
  const [target, setTarget] = useState<number>();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [controls, setControls] = useState(true);
  useChanges(session.changes);
  const { ids } = selection;
  const count = pausedAt === undefined ? ids.length : placeOf(ids, pausedAt);
  const waiting = ids.length - count;
  // What has changed is drawn now.
  session.changedFrom = ids.length;
  const show = useCallback((id: number) => {
    setFollow(false);
    setTarget(id);
  }, []);
  const toggle = useCallback((id: number) => {
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  return (
    <section class={`conversation${controls ? "" : " plain"}`} aria-label="Conversation of host and module">
      <Toolbar
        controls={controls}
        onControls={setControls}
        target={target}
        onShow={show}
        follow={follow}
        onFollow={setFollow}
      />
      <Lane onShow={show} />
      <p class="sides" aria-hidden="true">
        <span>Host, your program</span>
        <span>Module</span>
      </p>
      {conversation.rows.length === 0 ? (
        <p class="empty">
          Nothing has been said yet. Open the modem's port with your program, or type <kbd>AT</kbd> in a terminal.
        </p>
      ) : count === 0 ? (
        <p class="empty">No row is as the filter asks.</p>
      ) : null}
      <VirtualList
        label="Rows of the conversation"
        ids={ids}
        count={count}
        changedFrom={changedFrom}
        follow={follow && pausedAt === undefined}
        onFollow={setFollow}
        target={target}
        estimate={(id) => estimateHeight(conversation.row(id))}
        draw={(id, place) => {
          const row = conversation.row(id);
          return row === undefined ? null : (
            <RowView
              key={id}
              row={row}
              version={row.version}
              place={place}
              search={selection.criteria.search}
              showModem={conversation.modems.size > 1 && selection.criteria.modem === undefined}
              isTarget={id === target}
              isOpen={open.has(id)}
              onToggle={toggle}
            />
          );
        }}
      />
      {pausedAt !== undefined || !follow ? (
        <button
          type="button"
          class="latest"
          onClick={() => {
            session.pause(false);
            setFollow(true);
          }}
        >
          {waiting > 0 ? `${formatAmount(waiting, "new row")}, to the latest` : "To the latest"}
        </button>
      ) : null}
    </section>
  );
}
