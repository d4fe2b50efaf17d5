const END_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The end of the program, as signals ask for it. */
export interface End {
  /** Aborted by the first signal, which is its reason. */
  readonly signal: AbortSignal;
  /** Ends the program as SIGTERM does. */
  request(): void;
}

/**
 * Listens for the signals that end the program, until it has ended. The first one aborts `signal`; a second one exits at once with the code
 * that a shell gives to a process killed by it.
 */
export function listenForEnd(): End {
  const end = new AbortController();
  const onSignal = (signal: NodeJS.Signals, number: number) => {
    if (end.signal.aborted) process.exit(128 + number);
    end.abort(signal);
  };
  for (const signal of END_SIGNALS) process.on(signal, onSignal);
  return {
    signal: end.signal,
    request: () => end.abort("SIGTERM"),
  };
}
