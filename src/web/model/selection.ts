import { placeOf } from "./ascending.ts";
import type { Conversation } from "./conversation.ts";
import { bytesOf, type Group, type Note, type Row } from "./row.ts";

/** Which rows are shown. */
export interface Criteria {
  /** Groups that are hidden. */
  readonly hidden: ReadonlySet<Group>;
  /** Only rows of this modem, and those of no modem. */
  readonly modem: string | undefined;
  /** Only rows that hold this text, in any case. */
  readonly search: string;
  /** Only rows where something went wrong. */
  readonly problems: boolean;
}

/** How much of a payload is searched. */
const SEARCHED = 64 * 1024;

/** The ids of the rows that are shown, kept up to date as the conversation goes on. */
export class Selection {
  readonly #conversation: Conversation;
  #criteria: Criteria;
  #ids: number[] = [];
  /** Rows with a smaller id have been looked at. */
  #next = 0;

  constructor(conversation: Conversation, criteria: Criteria) {
    this.#conversation = conversation;
    this.#criteria = criteria;
    this.update(0);
  }

  get ids(): readonly number[] {
    return this.#ids;
  }

  get criteria(): Criteria {
    return this.#criteria;
  }

  choose(criteria: Criteria): void {
    this.#criteria = criteria;
    this.update(0);
  }

  /** Looks again at the rows from `changed` on; gives the place from which the ids may have changed. */
  update(changed: number): number {
    const { firstId, nextId } = this.#conversation;
    const gone = placeOf(this.#ids, firstId);
    if (gone > 0) this.#ids.splice(0, gone);
    const from = Math.max(firstId, Math.min(changed, this.#next));
    const place = placeOf(this.#ids, from);
    this.#ids.length = place;
    for (let id = from; id < nextId; id++) {
      const row = this.#conversation.row(id);
      if (row !== undefined && this.#shows(row)) this.#ids.push(id);
    }
    this.#next = nextId;
    return gone === 0 ? place : 0;
  }

  #shows(row: Row): boolean {
    const { hidden, modem, search, problems } = this.#criteria;
    if (modem !== undefined && row.modem !== undefined && row.modem !== modem) return false;
    if (problems ? !row.bad : hidden.has(row.group)) return false;
    return search === "" || textOf(row).toLowerCase().includes(search.toLowerCase());
  }
}

/** All that a person reads of a row. */
function textOf(row: Row): string {
  return [bytesOf(row, SEARCHED), ...row.text, ...row.notes.map(noteText)].join("\n");
}

function noteText(note: Note): string {
  switch (note.kind) {
    case "command":
      return `AT${note.name} ${note.result ?? ""}`;
    case "unknown":
      return `unknown command ${note.text} ${note.nearest.join(" ")}`;
    case "lint":
      return `${note.rule} ${note.message}`;
    case "data":
      return note.text;
  }
}
