/** How well a part suits as the body of its message: the lowest wins, the first among equals. `undefined`: it is a file. */
export type BodyRank = number | undefined;

/**
 * Ranks a part. `disposition` is the value of its Content-Disposition in lower case, `name` its file name; each empty if
 * the part has none.
 *
 * @rfc 2046 §5.1.4, 2183
 */
export function bodyRank(mediaType: string, disposition: string, name: string): BodyRank {
  // RFC 2183 §2.8: an unknown disposition is treated as attachment.
  if (!mediaType.startsWith("text/") || (disposition !== "" && disposition !== "inline")) return undefined;
  // Programs that predate RFC 2183 name an attachment in Content-Type alone, so a text without a name goes first.
  const looksLikeFile = name !== "" && disposition === "";
  if (mediaType === "text/plain") return looksLikeFile ? 1 : 0;
  if (mediaType === "text/html") return looksLikeFile ? 3 : 2;
  return name === "" ? 4 : undefined;
}
