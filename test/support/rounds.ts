/**
 * How many rounds a test makes: few with the tests that run after each change, all of them in the lane of long runs, which says so in
 * its environment.
 */
export function rounds(few: number, all: number): number {
  return process.env.VMODEM_LONG_RUNS === undefined ? few : all;
}
