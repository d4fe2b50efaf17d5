import type { DirectoryDraft } from "./directory-draft.ts";
import { EfsError } from "./efs-error.ts";
import type { EfsReader, EfsWriter } from "./store.ts";

/** What can be made to fail on a volume: the bytes of a file, or its appearance. */
export type FileOperation = "read" | "write" | "commit";

/** Says of each operation whether it fails instead of being done. */
type Fails = (operation: FileOperation) => boolean;

/** The same reader, which fails with `IO` where it is told to. */
export function failingReader(reader: EfsReader, fails: Fails): EfsReader {
  return {
    size: reader.size,
    async read(signal) {
      if (fails("read")) throw failure();
      return reader.read(signal);
    },
    close: () => reader.close(),
  };
}

/** The same writer, which fails with `IO` where it is told to: then what was written is gone. */
export function failingWriter(writer: EfsWriter, fails: Fails): EfsWriter {
  let failed: EfsError | undefined;
  const attempt = async (operation: FileOperation, work: () => Promise<void>) => {
    if (failed === undefined && fails(operation)) {
      failed = failure();
      await writer.abandon();
    }
    if (failed !== undefined) throw failed;
    await work();
  };
  return {
    write: (bytes, signal) => attempt("write", () => writer.write(bytes, signal)),
    commit: () => attempt("commit", () => writer.commit()),
    abandon: () => writer.abandon(),
  };
}

/** The same draft, whose files, and whose appearance, fail with `IO` where they are told to. */
export function failingDraft(draft: DirectoryDraft, fails: Fails): DirectoryDraft {
  return {
    openWriter: async (name) => failingWriter(await draft.openWriter(name), fails),
    openReader: async (name) => failingReader(await draft.openReader(name), fails),
    remove: (name) => draft.remove(name),
    rename: (from, to) => draft.rename(from, to),
    async commit(name) {
      if (fails("commit")) throw failure();
      await draft.commit(name);
    },
    discard: () => draft.discard(),
  };
}

function failure(): EfsError {
  return new EfsError("IO", "the volume has failed");
}
