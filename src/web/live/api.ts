/** What the control interface refuses. */
export class ApiError extends Error {
  readonly status: number;
  /** The JSON pointer of the field that is wrong. */
  readonly at: string | undefined;

  constructor(status: number, message: string, at?: string) {
    super(message);
    this.status = status;
    this.at = at;
  }
}

/** The key under which a tab keeps its token. */
const TOKEN = "vmodem-token";

/** The control interface that this page came from. */
export class Api {
  #token = sessionStorage.getItem(TOKEN) ?? undefined;

  useToken(token: string): void {
    this.#token = token;
    sessionStorage.setItem(TOKEN, token);
  }

  /** Asks for JSON. Rejects with an {@link ApiError} for a refusal. */
  async json<T>(path: string, options: { readonly method?: string; readonly body?: unknown } = {}): Promise<T> {
    const { method = "GET", body } = options;
    const request =
      method === "GET" ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? null) };
    return (await (await this.fetch(path, { method, ...request })).json()) as T;
  }

  /** Sends a file. */
  async send(method: string, path: string, content: Blob, type = "application/octet-stream"): Promise<void> {
    await this.fetch(path, { method, body: content, headers: { "Content-Type": type } });
  }

  /** Any request; rejects with an {@link ApiError} for a refusal. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#token !== undefined) headers.set("Authorization", `Bearer ${this.#token}`);
    const response = await fetch(path, { ...init, headers, cache: "no-store", redirect: "error" });
    if (response.ok) return response;
    const { error } = (await response.json().catch(() => ({}))) as { error?: { message?: string; at?: string } };
    throw new ApiError(response.status, error?.message ?? response.statusText, error?.at);
  }
}

/** Puts parts into the path of a request; slashes of the last one stay. */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = encodeURIComponent(params[name] ?? "");
    return name === "path" ? value.replaceAll("%2F", "/").replaceAll("%3A", ":") : value;
  });
}

/** What went wrong, for a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
