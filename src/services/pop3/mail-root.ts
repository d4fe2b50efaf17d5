import { type EfsPath, parsePath, type VolumeName } from "../../efs/path.ts";
import { nameKey } from "../../efs/store.ts";

/** The directory in which a volume keeps its mails. */
export function mailRoot(volume: VolumeName): EfsPath {
  return { volume, segments: ["Email"] };
}

/** The path of a file as AT+POP3READ names it, relative to the mail root; `undefined` if it lies outside. */
export function mailPath(volume: VolumeName, name: string): EfsPath | undefined {
  const root = mailRoot(volume);
  const path = parsePath(name, root);
  if (path === undefined || path.volume !== volume || path.segments.length <= root.segments.length) return undefined;
  const below = root.segments.every(
    (segment, at) => nameKey(volume, path.segments[at] ?? "") === nameKey(volume, segment),
  );
  return below ? path : undefined;
}
