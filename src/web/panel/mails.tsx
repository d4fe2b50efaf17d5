import { useState } from "preact/hooks";
import { CallForm } from "../form/call-form.tsx";
import { useResource } from "../live/resource.ts";
import { saveResponse } from "../live/save.ts";
import { formatBytes } from "../model/format.ts";
import { usePage } from "../view/page-context.ts";

interface MailSummary {
  readonly id: number;
  readonly from: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly size: number;
}

interface Mail extends MailSummary {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly text: string;
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly size: number }[];
}

/** The mails that came by SMTP, and a form that puts one into a mailbox. */
export function Mails() {
  const { session } = usePage();
  const resource = useResource<{ readonly mail: readonly MailSummary[] }>(session, "/api/sandbox/mail", [
    "mail",
    "rig",
  ]);
  const [open, setOpen] = useState<number>();
  const mails = resource.value?.mail ?? [];
  return (
    <>
      {mails.length === 0 ? <p class="none">No mail has come.</p> : null}
      {mails.toReversed().map(({ id, from, recipients, subject }) => (
        <details
          key={id}
          class="entry"
          open={open === id}
          onToggle={({ currentTarget }) => setOpen(currentTarget.open ? id : open === id ? undefined : open)}
        >
          <summary>
            <b>{subject === "" ? "no subject" : subject}</b> <small>{`${from} to ${recipients.join(", ")}`}</small>
          </summary>
          {open === id ? <MailView id={id} /> : null}
        </details>
      ))}
      {mails.length === 0 ? null : (
        <CallForm
          method="DELETE"
          path="/api/sandbox/mail"
          label="Forget the mails"
          onDone={() => void resource.reload()}
        />
      )}
      <details>
        <summary>Put a message into a mailbox</summary>
        <CallForm method="POST" path="/api/sandbox/mailboxes/{user}" label="Deliver it" />
      </details>
    </>
  );
}

function MailView({ id }: { readonly id: number }) {
  const { session } = usePage();
  const path = `/api/sandbox/mail/${id}`;
  const { value: mail, error } = useResource<Mail>(session, path, []);
  if (mail === undefined) return <p class="none">{error ?? "Reading"}</p>;
  const save = async (rest: string, name: string) => saveResponse(await session.api.fetch(`${path}/${rest}`), name);
  return (
    <article class="mail">
      <dl class="fields">
        {mail.headers.map(({ name, value }, index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <pre>{mail.text}</pre>
      <div class="send">
        {mail.attachments.map(({ name, size }, index) => (
          <button key={name} type="button" onClick={() => void save(`attachments/${index + 1}`, name)}>
            Save {name} <small>{formatBytes(size)}</small>
          </button>
        ))}
        <button type="button" onClick={() => void save("raw", `mail-${id}.eml`)}>
          Save as received <small>{formatBytes(mail.size)}</small>
        </button>
      </div>
    </article>
  );
}
