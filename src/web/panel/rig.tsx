import { CallForm } from "../form/call-form.tsx";
import { changingCalls } from "../form/open-api.ts";
import { useResource } from "../live/resource.ts";
import { usePage } from "../view/page-context.ts";
import { useModem } from "./modem-choice.tsx";

interface Clock {
  readonly now: string;
  readonly mode: "real" | "manual";
}

/** Clock, reset, more modems, and every other call of the control interface: the steps of a scenario, one by one. */
export function RigPanel() {
  const { session, openApi } = usePage();
  const id = useModem();
  const clock = useResource<Clock>(session, "/api/clock", ["rig", "state"]);
  const calls = openApi === undefined ? [] : changingCalls(openApi);
  return (
    <>
      <h2>Clock</h2>
      <p>
        {clock.value?.now.replace("T", " ").replace("Z", " UTC")}, {clock.value?.mode}
      </p>
      {clock.value?.mode === "manual" ? (
        <CallForm method="POST" path="/api/clock/advance" label="Let time pass" onDone={() => void clock.reload()} />
      ) : (
        <p class="none">
          With <code>--time manual</code> the clock stands still until it is advanced here.
        </p>
      )}
      <h2>Everything as at the start</h2>
      <CallForm method="POST" path="/api/reset" label="Reset the rig" />
      <h2>Every step</h2>
      <p class="none">What a scenario can do, one step at a time.</p>
      {calls.map(({ method, path, operation }) => (
        <details key={`${method} ${path}`} class="step">
          <summary>
            {operation.summary} <code>{`${method} ${path}`}</code>
          </summary>
          <CallForm
            method={method}
            path={path}
            params={path.startsWith("/api/modems/{id}") ? { id } : {}}
            label="Do it"
          />
        </details>
      ))}
    </>
  );
}
