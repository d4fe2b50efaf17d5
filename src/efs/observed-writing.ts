import type { Events } from "../platform/events.ts";
import type { DirectoryDraft } from "./directory-draft.ts";
import { type EfsPath, printPath } from "./path.ts";
import type { EfsWriter } from "./store.ts";

/** The same writer, which counts its bytes and calls back with their number once the file is complete. */
function countingWriter(writer: EfsWriter, completed: (size: number) => void): EfsWriter {
  let size = 0;
  return {
    write: async (bytes, signal) => {
      await writer.write(bytes, signal);
      size += bytes.length;
    },
    commit: async () => {
      await writer.commit();
      completed(size);
    },
    abandon: () => writer.abandon(),
  };
}

/** The same writer, which emits an event when the file has appeared. */
export function observedWriter(writer: EfsWriter, path: EfsPath, events: Events): EfsWriter {
  return countingWriter(writer, (size) => {
    events.emit({ type: "file", path: printPath(path), action: "written", size });
  });
}

/** The same draft, which emits the events of the directory and of its files when they have appeared. */
export function observedDraft(draft: DirectoryDraft, parent: EfsPath, events: Events): DirectoryDraft {
  const sizes = new Map<string, number>();
  return {
    openWriter: async (name) => countingWriter(await draft.openWriter(name), (size) => void sizes.set(name, size)),
    openReader: (name) => draft.openReader(name),
    remove: async (name) => {
      await draft.remove(name);
      sizes.delete(name);
    },
    rename: async (from, to) => {
      await draft.rename(from, to);
      sizes.set(to, sizes.get(from) ?? 0);
      sizes.delete(from);
    },
    commit: async (name) => {
      await draft.commit(name);
      const directory = printPath({ ...parent, segments: [...parent.segments, name] });
      events.emit({ type: "file", path: directory, action: "made" });
      for (const [file, size] of sizes) {
        events.emit({ type: "file", path: `${directory}/${file}`, action: "written", size });
      }
    },
    discard: () => draft.discard(),
  };
}
