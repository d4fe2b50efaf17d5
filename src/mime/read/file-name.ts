import { MAIL_LIMITS } from "../limits.ts";

/**
 * Makes a file name for the EFS of the name of an attachment. Removes directories, drive letter, forbidden and invisible
 * characters, and cuts a long name before its extension. Gives an empty string if nothing is left.
 */
export function fileName(name: string): string {
  const last = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
  const allowed = last
    .replace(/^\s*[A-Za-z]:/, "")
    .replace(/[\\/:*?"<>|,;]/g, "")
    // The replacement character, which some mail programs send for bytes that they could not decode.
    .replaceAll("\uFFFD", "_")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "");
  const trimmed = trimEnd(allowed.trimStart());
  const dot = trimmed.lastIndexOf(".");
  const extension = dot > 0 && trimmed.length - dot <= 16 ? trimmed.slice(dot) : "";
  const stem = trimmed.slice(0, trimmed.length - extension.length);
  const room = MAIL_LIMITS.fileName - Buffer.byteLength(extension);
  return Buffer.byteLength(stem) <= room ? trimmed : trimEnd(cut(stem, room)) + extension;
}

/** Without the dots and blanks that no name may end in. */
function trimEnd(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === "." || name[end - 1]?.trim() === "")) end--;
  return name.slice(0, end);
}

/** As many whole characters as fit into `room` bytes of UTF-8. */
function cut(text: string, room: number): string {
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    length += character.length;
  }
  return text.slice(0, length);
}
