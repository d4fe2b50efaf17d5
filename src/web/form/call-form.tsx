import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ApiError, fillPath, messageOf } from "../live/api.ts";
import { usePage } from "../view/page-context.ts";
import { Field, type Problem } from "./field.tsx";
import { bodySchema, callOf, takesFile } from "./open-api.ts";
import { SchemaForm } from "./schema-form.tsx";

interface CallFormProps {
  readonly method: string;
  readonly path: string;
  /** Parameters of the path that are given. */
  readonly params?: Readonly<Record<string, string>>;
  /** What stands on the button. Default: the summary of the call. */
  readonly label?: string;
  readonly onDone?: () => void;
  readonly children?: ComponentChildren;
}

type Texts = Readonly<Record<string, string>>;

/** A call of the control interface as a form, made from what the interface says of itself. */
export function CallForm({ method, path, params = {}, label, onDone, children }: CallFormProps) {
  const { session, openApi } = usePage();
  const [given, setGiven] = useState<Texts>({});
  const [body, setBody] = useState<Readonly<Record<string, unknown>>>({});
  const [file, setFile] = useState<File>();
  const [outcome, setOutcome] = useState<Problem | "busy" | "done">();
  const call = callOf(openApi, method, path);
  if (call === undefined) return null;
  const schema = bodySchema(call);
  const problem = typeof outcome === "object" ? outcome : undefined;
  const parameters = (call.operation.parameters ?? []).filter(({ name }) => params[name] === undefined);
  const send = async () => {
    const query = parameters.filter((each) => each.in === "query" && given[each.name] !== undefined);
    const search = new URLSearchParams(query.map(({ name }) => [name, given[name] ?? ""])).toString();
    const target = `${fillPath(path, { ...given, ...params })}${search === "" ? "" : `?${search}`}`;
    if (takesFile(call) && (schema === undefined || file !== undefined))
      await session.api.send(method, target, file ?? new Blob());
    else await session.api.json(target, { method, body: schema === undefined ? null : body });
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    setOutcome("busy");
    try {
      await send();
      setOutcome("done");
      onDone?.();
    } catch (error) {
      setOutcome({ at: error instanceof ApiError ? error.at : undefined, message: messageOf(error) });
    }
  };
  return (
    <form class="call" onSubmit={submit} aria-label={label ?? call.operation.summary}>
      {parameters.map(({ name, schema: own, description, required }) => (
        <Field
          key={name}
          name={name}
          at={`query/${name}`}
          schema={{ ...own, ...(description === undefined ? {} : { description }) }}
          required={required}
          value={given[name]}
          problem={problem}
          onChange={(next) => setGiven(without({ ...given, [name]: next }))}
        />
      ))}
      {schema === undefined ? null : (
        <SchemaForm at="" schema={schema} value={body} problem={problem} onChange={setBody} />
      )}
      {takesFile(call) ? (
        <label class="file">
          {schema === undefined ? "file" : "or a file as it is"}
          <input type="file" onChange={({ currentTarget }) => setFile(currentTarget.files?.[0])} />
        </label>
      ) : null}
      <div class="send">
        <button type="submit" disabled={outcome === "busy"} class={method === "DELETE" ? "danger" : ""}>
          {label ?? call.operation.summary}
        </button>
        {children}
        <span role="status" class={problem === undefined ? "done" : "refused"}>
          {outcome === "done" ? "Done" : problem?.message}
        </span>
      </div>
    </form>
  );
}

function without(values: Readonly<Record<string, unknown>>): Texts {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
