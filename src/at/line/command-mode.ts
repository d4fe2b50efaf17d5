import type { Settings } from "../../module/settings/settings.ts";
import type { InputQueue } from "../input-queue.ts";
import type { HostWriter } from "./host-writer.ts";
import { LineEditor, type LineEvent } from "./line-editor.ts";
import type { LineOwner } from "./owner.ts";

export interface CommandModeParts {
  readonly input: InputQueue;
  readonly writer: HostWriter;
  readonly settings: Settings;
  readonly run: (event: LineEvent) => void;
}

/** Owns the line while no command runs: the host's bytes become command lines, one at a time. */
export class CommandMode implements LineOwner {
  readonly #parts: CommandModeParts;
  readonly editor: LineEditor;

  constructor(parts: CommandModeParts) {
    this.#parts = parts;
    this.editor = new LineEditor(parts.settings, (bytes) => parts.writer.echo(bytes));
  }

  get state(): "idle" | "typing" {
    return this.editor.typing ? "typing" : "idle";
  }

  get letsUrcsPass(): boolean {
    return !this.editor.typing;
  }

  advance(): boolean {
    const { input, writer, run } = this.#parts;
    const chunk = input.first;
    // A host that does not read its answers is held back.
    if (chunk === undefined || writer.congestion !== undefined) return false;
    input.consume(this.editor.push(chunk));
    const event = this.editor.take();
    if (event !== undefined) run(event);
    return true;
  }

  hostGone(): void {
    this.editor.drop();
  }
}
