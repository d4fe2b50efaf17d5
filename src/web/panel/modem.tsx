import { useState } from "preact/hooks";
import type { JsonSchema } from "../../platform/schema/schema.ts";
import { CallForm } from "../form/call-form.tsx";
import { Field, type Problem } from "../form/field.tsx";
import { bodySchema, callOf } from "../form/open-api.ts";
import { labelOf } from "../form/schema-words.ts";
import { ApiError, messageOf } from "../live/api.ts";
import { useResource } from "../live/resource.ts";
import { Facts } from "../view/facts.tsx";
import { usePage } from "../view/page-context.ts";
import { Gps, type GpsState } from "./gps.tsx";
import { Messages } from "./messages.tsx";
import { ModemChoice, useModem } from "./modem-choice.tsx";
import { type SocketState, Sockets } from "./sockets.tsx";

type State = Readonly<Record<string, unknown>>;

const MODEM = "/api/modems/{id}";

/** The state of a modem, with a switch for everything that can be changed. */
export function Modem() {
  const { session, openApi } = usePage();
  const id = useModem();
  const path = `/api/modems/${id}`;
  const resource = useResource<State>(session, path, ["state", "result", "entry", "connection", "rig"]);
  const [problem, setProblem] = useState<Problem>();
  const { value: state, error } = resource;
  const call = callOf(openApi, "PATCH", MODEM);
  const schema = call === undefined ? undefined : bodySchema(call);
  const patch = async (change: State) => {
    try {
      await session.api.json(path, { method: "PATCH", body: change });
      setProblem(undefined);
    } catch (failure) {
      setProblem({ at: failure instanceof ApiError ? failure.at : undefined, message: messageOf(failure) });
    }
    await resource.reload();
  };
  return (
    <>
      <ModemChoice />
      {error === undefined ? null : <p class="refused">{error}</p>}
      {state === undefined ? null : <Facts facts={factsOf(state)} />}
      {problem === undefined || problem.at === undefined ? null : <p class="refused">{problem.message}</p>}
      {state === undefined || schema === undefined ? null : (
        <form class="state" aria-label={`State of ${id}`} onSubmit={(event) => event.preventDefault()}>
          <StateFields at="" schema={schema} state={state} problem={problem} onChange={patch} />
        </form>
      )}
      {state === undefined ? null : (
        <>
          <Gps
            id={id}
            gps={state.gps as GpsState}
            reload={resource.refresh}
            endTrack={() => void patch({ gps: { track: null } })}
          />
          <Sockets sockets={state.sockets as readonly SocketState[]} />
        </>
      )}
      <Messages id={id} />
      <h2>Restart</h2>
      <CallForm method="POST" path="/api/modems/{id}/reset" params={{ id }} label="Restart the module" />
    </>
  );
}

interface StateFieldsProps {
  readonly at: string;
  readonly schema: JsonSchema;
  readonly state: State;
  readonly problem: Problem | undefined;
  readonly onChange: (change: State) => void;
}

/** A field for everything that a patch may change; each change is sent at once. */
function StateFields({ at, schema, state, problem, onChange }: StateFieldsProps) {
  return (
    <>
      {Object.entries(schema.properties ?? {}).map(([name, inner]) => {
        const value = state[name];
        const change = (next: unknown) => onChange({ [name]: next });
        if (isDocument(inner)) return null;
        if (inner.properties === undefined)
          return (
            <Field
              key={name}
              lazy
              required={inner.enum !== undefined}
              {...{ name, value, problem }}
              at={`${at}/${name}`}
              schema={inner}
              onChange={(next) => (next === undefined ? undefined : change(next))}
            />
          );
        // The medium has no modem lines.
        if (value === null || value === undefined) return null;
        return (
          <fieldset key={name}>
            <legend>{labelOf(name)}</legend>
            <StateFields
              at={`${at}/${name}`}
              schema={inner}
              state={value as State}
              problem={problem}
              onChange={change}
            />
          </fieldset>
        );
      })}
    </>
  );
}

/** Whether a field takes a document or null, which a form of its own sends. */
function isDocument({ anyOf = [] }: JsonSchema): boolean {
  return anyOf.some(({ type }) => type === "null");
}

/** What cannot be changed. */
function factsOf(state: State): Readonly<Record<string, unknown>> {
  const { sim, packet, host, services } = state as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const busy = Object.entries(services ?? {})
    .filter(([, service]) => (service as { readonly busy?: boolean }).busy)
    .map(([name]) => name);
  return {
    port: state.link ?? state.port,
    identity: `${state.identity}, dialect ${state.dialect}`,
    IMSI: sim?.imsi,
    number: sim?.number,
    address: packet?.address,
    line: `${host?.phase}${host?.backlog ? `, ${host.backlog} bytes wait` : ""}`,
    busy: busy.join(", "),
  };
}
