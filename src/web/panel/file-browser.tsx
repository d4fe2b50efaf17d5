import { useState } from "preact/hooks";
import type { RigEventType } from "../../rig/events.ts";
import { fillPath, messageOf } from "../live/api.ts";
import { useResource } from "../live/resource.ts";
import { saveResponse } from "../live/save.ts";
import { formatAmount, formatBytes } from "../model/format.ts";
import { usePage } from "../view/page-context.ts";

interface Entry {
  readonly name: string;
  readonly kind: "file" | "directory";
  readonly size: number;
  readonly modified?: string;
}

interface FileBrowserProps {
  readonly label: string;
  /** The path of the calls, with `{path}`. */
  readonly path: string;
  /** The roots, each with its name: `C:/`. */
  readonly roots: readonly string[];
  /** Whether directories can be made. */
  readonly directories: boolean;
  readonly types: readonly RigEventType[];
}

/** A tree of files: look, save, drop files into it, remove. */
export function FileBrowser({ label, path, roots, directories, types }: FileBrowserProps) {
  const { session } = usePage();
  const [folder, setFolder] = useState(roots[0] ?? "");
  const [told, setTold] = useState("");
  const [over, setOver] = useState(false);
  const target = (name: string) => fillPath(path, { path: `${folder}${name}` });
  const { value, error, reload } = useListing(target(""), types);
  const attempt = async (what: string, work: () => Promise<unknown>) => {
    try {
      await work();
      setTold(what);
    } catch (failure) {
      setTold(messageOf(failure));
    }
    await reload();
  };
  const upload = (files: FileList | null | undefined) =>
    attempt(`${formatAmount(files?.length ?? 0, "file")} written`, async () => {
      for (const file of files ?? []) await session.api.send("PUT", target(file.name), file);
    });
  const remove = (name: string) =>
    attempt(`${name} removed`, () => session.api.json(target(name), { method: "DELETE" }));
  const make = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const name = String(new FormData(form).get("name") ?? "");
    form.reset();
    return attempt(`${name} made`, () => session.api.send("PUT", `${target(name)}/`, new Blob()));
  };
  const root = roots.find((each) => folder.startsWith(each)) ?? "";
  const parts = folder.slice(root.length).split("/").filter(Boolean);
  return (
    <section
      class={`files${over ? " over" : ""}`}
      aria-label={label}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void upload(event.dataTransfer?.files);
      }}
    >
      <nav aria-label={`Folders of ${label}`}>
        {roots.map((each) => (
          <button key={each} type="button" aria-current={folder === each} onClick={() => setFolder(each)}>
            {each === "" ? "/" : each}
          </button>
        ))}
        {parts.map((name, index) => (
          <button key={name} type="button" onClick={() => setFolder(`${root}${parts.slice(0, index + 1).join("/")}/`)}>
            {name}
          </button>
        ))}
      </nav>
      {error === undefined ? null : <p class="refused">{error}</p>}
      <ul class="list">
        {value?.entries?.map((entry) => (
          <li key={entry.name}>
            <button
              type="button"
              class={`name ${entry.kind}`}
              onClick={() =>
                entry.kind === "directory"
                  ? setFolder(`${folder}${entry.name}/`)
                  : attempt(`${entry.name} saved`, async () =>
                      saveResponse(await session.api.fetch(target(entry.name)), entry.name),
                    )
              }
            >
              {entry.name}
              {entry.kind === "directory" ? "/" : ""}
            </button>
            <small>{entry.kind === "file" ? formatBytes(entry.size) : ""}</small>
            <button
              type="button"
              class="danger small"
              aria-label={`Remove ${entry.name}`}
              onClick={() => remove(entry.name)}
            >
              Remove
            </button>
          </li>
        ))}
        {value?.entries?.length === 0 ? <li class="none">Nothing is here.</li> : null}
      </ul>
      <div class="send">
        <label class="button">
          Upload, or drop files here
          <input type="file" multiple onChange={({ currentTarget }) => upload(currentTarget.files)} />
        </label>
        <span role="status">{told}</span>
      </div>
      {directories ? (
        <form class="send" onSubmit={make}>
          <input name="name" required aria-label="Name of a new folder" placeholder="new folder" />
          <button type="submit">Make</button>
        </form>
      ) : null}
    </section>
  );
}

function useListing(path: string, types: readonly RigEventType[]) {
  const { session } = usePage();
  const resource = useResource<{ readonly entries?: readonly Entry[] }>(session, path, types);
  return { value: resource.value, error: resource.error, reload: () => resource.reload() };
}
