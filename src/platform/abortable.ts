import { setMaxListeners } from "node:events";

/**
 * Calls `listener` once when the signal aborts, until the returned function is called. Lifts Node's limit of ten listeners,
 * which warns of a leak: a server's signal has one listener for each client that waits.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  setMaxListeners(0, signal);
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}

/** Settles as the promise does, or rejects with the signal's reason as soon as it aborts; the promise is then ignored. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      promise.catch(() => undefined);
      reject(signal.reason);
      return;
    }
    const release = onAbort(signal, () => reject(signal.reason));
    promise.then(resolve, reject).finally(release);
  });
}

/** A signal that aborts with the first of two, until it is released. (`AbortSignal.any` came only with Node 20.3.) */
export function eitherSignal(a: AbortSignal, b: AbortSignal): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const releases = [a, b].map((source) => {
    const pass = () => controller.abort(source.reason);
    if (!source.aborted) return onAbort(source, pass);
    pass();
    return () => undefined;
  });
  return {
    signal: controller.signal,
    release: () => {
      for (const release of releases) release();
    },
  };
}
