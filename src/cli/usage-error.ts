/** What the person at the command line got wrong, in one line; the program ends with code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
