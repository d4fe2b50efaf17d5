/** U+2400 to U+241F and U+2421 are the pictures of the control bytes (Unicode 24.1, "Control Pictures"). */
const PICTURES = 0x2400;
const DELETE_PICTURE = 0x2421;

/** The bytes of a line as typed: UTF-8, with the picture of a control byte for the byte itself. */
export function typedBytes(line: string): Buffer {
  return Buffer.concat(
    [...line].map((character) => {
      const code = character.codePointAt(0) ?? 0;
      if (code === DELETE_PICTURE) return Buffer.from([0x7f]);
      return code >= PICTURES && code < PICTURES + 0x20 ? Buffer.from([code - PICTURES]) : Buffer.from(character);
    }),
  );
}

/** The picture of a control byte; other characters as they are. */
export function pictureOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x7f) return String.fromCodePoint(DELETE_PICTURE);
  return code < 0x20 ? String.fromCodePoint(PICTURES + code) : character;
}
