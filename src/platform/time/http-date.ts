/** A moment, in milliseconds since the Unix epoch, as HTTP dates are written: `Tue, 31 Mar 2009 01:56:05 GMT`. @rfc 9110 §5.6.7 */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}
