import { either, object, type Static, text } from "../../platform/schema/schema.ts";

/** What a file of a scenario holds: text (UTF-8), bytes as base64, or the bytes of a file beside the scenario. */
export const CONTENT = either([
  text(),
  object({
    base64: text({
      pattern: "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
      "x-pattern": "base64",
      description: "The bytes, as base64",
    }),
  }),
  object({ file: text({ minLength: 1, description: "A file, relative to the scenario file" }) }),
]);

export type Content = Static<typeof CONTENT>;

/** The bytes of the files that contents name, by the name that they have there. */
export type ContentFiles = ReadonlyMap<string, Uint8Array>;

/** The name of the file that holds a content. */
export function fileOf(content: Content): string | undefined {
  return typeof content === "object" && "file" in content ? content.file : undefined;
}

/** The content itself: text, or bytes. */
export function resolveContent(content: Content, files: ContentFiles): string | Uint8Array {
  if (typeof content === "string") return content;
  if ("base64" in content) return Buffer.from(content.base64, "base64");
  const bytes = files.get(content.file);
  if (bytes === undefined) throw new RangeError(`the file ${content.file} was not read`);
  return bytes;
}
