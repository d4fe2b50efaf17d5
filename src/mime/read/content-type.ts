const typeOfExtension: ReadonlyMap<string, string> = new Map([
  ["3gp", "video/3gpp"],
  ["amr", "audio/amr"],
  ["avi", "video/x-msvideo"],
  ["bmp", "image/bmp"],
  ["csv", "text/csv"],
  ["gif", "image/gif"],
  ["htm", "text/html"],
  ["html", "text/html"],
  ["jpeg", "image/jpeg"],
  ["jpg", "image/jpeg"],
  ["json", "application/json"],
  ["log", "text/plain"],
  ["mid", "audio/midi"],
  ["mp3", "audio/mpeg"],
  ["mp4", "video/mp4"],
  ["pdf", "application/pdf"],
  ["png", "image/png"],
  ["txt", "text/plain"],
  ["vcf", "text/vcard"],
  ["wav", "audio/wav"],
  ["xml", "text/xml"],
  ["zip", "application/zip"],
]);

/** The media type of a file by its extension; `application/octet-stream` if it is unknown. */
export function contentTypeOf(fileName: string): string {
  const extension = fileName.slice(fileName.lastIndexOf(".") + 1).toLowerCase();
  return typeOfExtension.get(extension) ?? "application/octet-stream";
}
