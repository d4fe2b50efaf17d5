import { useState } from "preact/hooks";
import { usePage } from "./page-context.ts";

/** Asks for the token, beyond loopback. */
export function TokenForm() {
  const { session } = usePage();
  const [refused, setRefused] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem("token");
    session.api.useToken(field instanceof HTMLInputElement ? field.value.trim() : "");
    await session.follow();
    setRefused(true);
  };
  return (
    <main class="token">
      <form onSubmit={submit}>
        <h2>This rig asks for a token</h2>
        <p>
          <code>vmodem start</code> has printed it as <code>controlToken</code>, or it was given with{" "}
          <code>--control-token</code>.
        </p>
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="off" required aria-invalid={refused} />
        <button type="submit">Open</button>
        <p role="status" class="refused">
          {refused ? "The rig does not take this token." : ""}
        </p>
      </form>
    </main>
  );
}
