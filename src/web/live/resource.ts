import { useEffect, useMemo } from "preact/hooks";
import type { RigEventType } from "../../rig/events.ts";
import { messageOf } from "./api.ts";
import { Changes, useChanges } from "./changes.ts";
import type { Session } from "./session.ts";

/** At most so often a resource is read again, in milliseconds. */
const PAUSE = 300;

/** Something that the rig tells, read again when it may have changed. */
class Resource<T> {
  readonly changes = new Changes();
  value: T | undefined;
  error: string | undefined;
  readonly #read: () => Promise<T>;
  #reading = false;
  #stale = false;
  #closed = false;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  /** Reads the resource again. A call during a read causes one more read after it. */
  async reload(): Promise<void> {
    this.#stale = true;
    if (this.#reading) return;
    this.#reading = true;
    while (this.#stale && !this.#closed) {
      this.#stale = false;
      try {
        this.value = await this.#read();
        this.error = undefined;
      } catch (error) {
        this.error = messageOf(error);
      }
      this.changes.emit();
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    this.#reading = false;
  }

  /** The same as {@link reload}, as a callback. */
  readonly refresh = (): void => void this.reload();

  close(): void {
    this.#closed = true;
  }
}

/** What a path of the control interface gives; read again after events of these types. */
export function useResource<T>(session: Session, path: string, types: readonly RigEventType[]): Resource<T> {
  const resource = useMemo(() => new Resource<T>(() => session.api.json<T>(path)), [session, path]);
  useChanges(resource.changes);
  useEffect(() => {
    resource.refresh();
    const off = session.watch(types, resource.refresh);
    return () => {
      off();
      resource.close();
    };
  }, [session, resource]);
  return resource;
}
