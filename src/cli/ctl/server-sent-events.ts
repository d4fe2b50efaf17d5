/**
 * The data of server-sent events that have one line of it each (HTML, section 9.2.6).
 *
 * @param text a stream of text, in any pieces
 */
export async function* serverSentEvents(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of text) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data: ")) yield line.slice(6);
  }
}
