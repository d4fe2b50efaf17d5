import { usePage } from "../view/page-context.ts";

/** The modem that the panels are about: the one whose conversation is shown, or the first. */
export function useModem(): string {
  const { session } = usePage();
  return session.selection.criteria.modem ?? [...session.conversation.modems][0] ?? "m1";
}

/** Says which modem a panel is about, where there are several. */
export function ModemChoice() {
  const { session } = usePage();
  const id = useModem();
  if (session.conversation.modems.size < 2) return null;
  return (
    <p class="about">
      About <b>{id}</b>; choose another at the top.
    </p>
  );
}
