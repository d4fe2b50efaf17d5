/** Settles as the promise does, or rejects with the signal's reason as soon as it aborts; the promise is then ignored. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) {
      promise.catch(() => undefined);
      onAbort();
      return;
    }
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** A signal that aborts with the first of two, until it is released. (`AbortSignal.any` came only with Node 20.3.) */
export function eitherSignal(a: AbortSignal, b: AbortSignal): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const releases = [a, b].map((source) => {
    const pass = () => controller.abort(source.reason);
    if (source.aborted) pass();
    else source.addEventListener("abort", pass, { once: true });
    return () => source.removeEventListener("abort", pass);
  });
  return {
    signal: controller.signal,
    release: () => {
      for (const release of releases) release();
    },
  };
}
