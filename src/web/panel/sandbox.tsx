import { CallForm } from "../form/call-form.tsx";
import { useResource } from "../live/resource.ts";
import { formatBytes } from "../model/format.ts";
import { BytesView } from "../view/bytes-view.tsx";
import { usePage } from "../view/page-context.ts";
import { FileBrowser } from "./file-browser.tsx";
import { Mails } from "./mails.tsx";

interface HttpRequest {
  readonly id: number;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string;
  readonly bodyLength: number;
  readonly status: number | null;
}

/** What the servers of the sandbox have received and hold. */
export function Sandbox() {
  const { session } = usePage();
  const requests = useResource<{ readonly requests: readonly HttpRequest[] }>(session, "/api/sandbox/requests", [
    "request",
    "rig",
  ]);
  if (requests.error !== undefined) return <p class="none">{requests.error}</p>;
  const reload = () => void requests.reload();
  const list = requests.value?.requests ?? [];
  return (
    <>
      <h2>Mail</h2>
      <Mails />
      <h2>HTTP requests</h2>
      {list.length === 0 ? <p class="none">No request has come.</p> : null}
      {list.toReversed().map((request) => (
        <RequestView key={request.id} {...request} />
      ))}
      {list.length === 0 ? null : (
        <CallForm method="DELETE" path="/api/sandbox/requests" label="Forget the requests" onDone={reload} />
      )}
      <details>
        <summary>Prepare an answer</summary>
        <CallForm method="PUT" path="/api/sandbox/pages/{path}" label="Prepare it" />
        <CallForm method="DELETE" path="/api/sandbox/pages/{path}" label="Remove it" />
      </details>
      <h2>FTP server</h2>
      <FileBrowser
        label="Files of the FTP server"
        path="/api/sandbox/files/{path}"
        roots={[""]}
        directories={false}
        types={["upload", "rig"]}
      />
    </>
  );
}

function RequestView({ method, target, status, headers, body, bodyLength }: HttpRequest) {
  return (
    <details class="entry">
      <summary>
        <b>{method}</b> {target} <small>{status === null ? "not answered" : status}</small>
      </summary>
      <dl class="fields">
        {headers.map(({ name, value }, index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {bodyLength === 0 ? null : (
        <>
          <p class="none">{formatBytes(bodyLength)} of body</p>
          <BytesView bytes={body} isOpen search="" />
        </>
      )}
    </details>
  );
}
