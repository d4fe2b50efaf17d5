/**
 * Whether SMTP can carry this text as an address between `<` and `>`: printable ASCII, in which angle brackets and blanks
 * stand only inside a quoted string that is closed. The syntax beyond that is left to the server.
 *
 * @rfc 5321 §4.1.2
 */
export function isSmtpAddress(text: string): boolean {
  return /^(?:[!#-;=?-~]|"(?:[ !#-[\]-~]|\\[ -~])*")*$/.test(text);
}
