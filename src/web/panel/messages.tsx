import { CallForm } from "../form/call-form.tsx";
import { useResource } from "../live/resource.ts";
import { usePage } from "../view/page-context.ts";

interface MessageList {
  readonly stored: readonly {
    readonly storage: string;
    readonly index: number;
    readonly from: string;
    readonly text: string;
  }[];
  readonly sent: readonly { readonly reference: number; readonly to: string; readonly text: string }[];
}

interface CallList {
  readonly calls: readonly {
    readonly id: number;
    readonly direction: string;
    readonly state: string;
    readonly number: string;
  }[];
}

/** What comes over the air: short messages, calls, unsolicited lines. */
export function Messages({ id }: { readonly id: string }) {
  const { session } = usePage();
  const base = `/api/modems/${id}`;
  const messages = useResource<MessageList>(session, `${base}/sms`, ["urc", "result", "rig"]);
  const calls = useResource<CallList>(session, `${base}/calls`, ["urc", "result", "rig"]);
  const params = { id };
  const reload = () => void Promise.all([messages.reload(), calls.reload()]);
  return (
    <>
      <h2>Short messages</h2>
      <ul class="list">
        {messages.value?.stored.map(({ storage, index, from, text }) => (
          <li key={`${storage} ${index}`}>
            <b>{from}</b> {text} <small>{`stored in ${storage} ${index}`}</small>
          </li>
        ))}
        {messages.value?.sent.map(({ reference, to, text }) => (
          <li key={`sent ${reference}`}>
            <b>{`to ${to}`}</b> {text} <small>sent by the host</small>
          </li>
        ))}
      </ul>
      <CallForm method="POST" path="/api/modems/{id}/sms" params={params} label="Send to the modem" onDone={reload} />
      <h2>Calls</h2>
      {calls.value?.calls.map((call) => (
        <div key={call.id} class="entry">
          <p>
            <b>{call.number || "hidden number"}</b> {call.direction}, {call.state}
          </p>
          <CallForm
            method="PATCH"
            path="/api/modems/{id}/calls/{n}"
            params={{ id, n: String(call.id) }}
            label="Change the call"
            onDone={reload}
          />
        </div>
      ))}
      <CallForm method="POST" path="/api/modems/{id}/calls" params={params} label="Call the modem" onDone={reload} />
      <h2>Unsolicited line</h2>
      <CallForm method="POST" path="/api/modems/{id}/urc" params={params} label="Print it" />
    </>
  );
}
