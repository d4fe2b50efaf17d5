import { CallForm } from "../form/call-form.tsx";
import { useResource } from "../live/resource.ts";
import { usePage } from "../view/page-context.ts";

interface Fault {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly fired: number;
  readonly [field: string]: unknown;
}

/** What is made to go wrong, and a form for more of it. */
export function Faults() {
  const { session } = usePage();
  const resource = useResource<{ readonly faults: readonly Fault[] }>(session, "/api/faults", [
    "fault",
    "rig",
    "state",
  ]);
  const reload = () => void resource.reload();
  const faults = resource.value?.faults ?? [];
  return (
    <>
      <h2>Faults</h2>
      {faults.length === 0 ? <p class="none">Nothing is made to go wrong.</p> : null}
      {faults.map(({ id, kind, state, fired, ...fields }) => (
        <div key={id} class="entry">
          <p>
            <b>{id}</b> {kind}, {state}, fired {fired === 1 ? "once" : `${fired} times`}
          </p>
          <p class="fields">
            {Object.entries(fields)
              .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
              .join(", ")}
          </p>
          <CallForm method="DELETE" path="/api/faults/{id}" params={{ id }} label={`End ${id}`} onDone={reload} />
        </div>
      ))}
      <h2>Make something go wrong</h2>
      <CallForm method="POST" path="/api/faults" label="Add the fault" onDone={reload} />
    </>
  );
}
