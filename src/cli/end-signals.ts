const END_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Hears the signals that end the program. The first one resolves `received`; a second one exits at once with the code that
 * a shell gives to a process killed by it.
 */
export function listenForEnd(): { readonly received: Promise<NodeJS.Signals>; release(): void } {
  let first: NodeJS.Signals | undefined;
  let resolve: (signal: NodeJS.Signals) => void = () => undefined;
  const received = new Promise<NodeJS.Signals>((settle) => {
    resolve = settle;
  });
  const onSignal = (signal: NodeJS.Signals, number: number) => {
    if (first !== undefined) process.exit(128 + number);
    first = signal;
    resolve(signal);
  };
  for (const signal of END_SIGNALS) process.on(signal, onSignal);
  return {
    received,
    release: () => {
      for (const signal of END_SIGNALS) process.off(signal, onSignal);
    },
  };
}
