const extensions: Readonly<Record<string, string>> = {
  "text/plain": "txt",
  "text/html": "htm",
  "text/calendar": "ics",
  "text/csv": "csv",
  "message/rfc822": "eml",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/gif": "gif",
  "application/pdf": "pdf",
  "application/zip": "zip",
};

/**
 * The name of a part without a usable name: a number, and the extension of its type.
 */
export function genericName(number: number, mediaType: string): string {
  return `PART${String(number).padStart(3, "0")}.${extensions[mediaType] ?? "bin"}`;
}
