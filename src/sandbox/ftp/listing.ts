import type { FtpEntry } from "./root.ts";
import { listTime, timeVal } from "./time.ts";

/** An entry as LIST shows it: the form of `ls -l`, whose fifth word is the size. */
export function listLine(entry: FtpEntry, now: number): string {
  const mode = entry.kind === "directory" ? "drwxr-xr-x" : "-rw-r--r--";
  const links = entry.kind === "directory" ? 2 : 1;
  const size = String(entry.size).padStart(12);
  return `${mode} ${String(links).padStart(3)} ftp      ftp      ${size} ${listTime(entry.modified, now)} ${entry.name}`;
}

/** An entry as MLSD and MLST show it. @rfc 3659 §7.2 */
export function factLine(entry: FtpEntry, name: string): string {
  const size = entry.kind === "file" ? `size=${entry.size};` : "";
  return `type=${entry.kind === "directory" ? "dir" : "file"};${size}modify=${timeVal(entry.modified)}; ${name}`;
}
