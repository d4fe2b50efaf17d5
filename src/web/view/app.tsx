import { useEffect, useState } from "preact/hooks";
import type { Glossary } from "../../rig/page/glossary.ts";
import type { OpenApi } from "../form/open-api.ts";
import { useChanges } from "../live/changes.ts";
import type { Session } from "../live/session.ts";
import { Faults } from "../panel/faults.tsx";
import { EfsFiles } from "../panel/files.tsx";
import { Modem } from "../panel/modem.tsx";
import { NetworkPanel } from "../panel/network.tsx";
import { RigPanel } from "../panel/rig.tsx";
import { Sandbox } from "../panel/sandbox.tsx";
import { Summary } from "../panel/summary.tsx";
import { ConversationView } from "./conversation-view.tsx";
import { Header } from "./header.tsx";
import { PageContext } from "./page-context.ts";
import { type Tab, Tabs } from "./tabs.tsx";
import { TokenForm } from "./token-form.tsx";
import { useMedia } from "./use-media.ts";

/** From this width on the conversation and a panel stand side by side. */
const WIDE = "(min-width: 900px)";

const CONVERSATION: Tab = { id: "conversation", label: "Conversation", content: () => <ConversationView /> };

const LIVE: readonly Tab[] = [
  { id: "modem", label: "Modem", content: () => <Modem /> },
  { id: "files", label: "Files", content: () => <EfsFiles /> },
  { id: "sandbox", label: "Sandbox", content: () => <Sandbox /> },
  { id: "network", label: "Network", content: () => <NetworkPanel /> },
  { id: "faults", label: "Faults", content: () => <Faults /> },
  { id: "rig", label: "Rig", content: () => <RigPanel /> },
];

const RECORD: readonly Tab[] = [
  { id: "summary", label: "Summary", content: () => <Summary /> },
  { id: "network", label: "Network", content: () => <NetworkPanel /> },
];

/** The whole page. */
export function App({ session, glossary }: { readonly session: Session; readonly glossary: Glossary }) {
  useChanges(session.slowChanges);
  const isWide = useMedia(WIDE);
  const [openApi, setOpenApi] = useState<OpenApi>();
  const { kind } = session.status;
  useEffect(() => {
    if (kind !== "live") return;
    session.api.json<OpenApi>("/api/openapi.json").then(setOpenApi, () => undefined);
  }, [session, kind]);
  const page = { session, glossary, openApi };
  const panels = kind === "record" ? RECORD : LIVE;
  return (
    <PageContext.Provider value={page}>
      <Header />
      {kind === "token" ? (
        <TokenForm />
      ) : (
        <main class={isWide ? "wide" : "narrow"}>
          {isWide ? <ConversationView /> : null}
          <Tabs
            key={`${kind === "record"} ${isWide}`}
            label="Panels"
            tabs={isWide ? panels : [CONVERSATION, ...panels]}
          />
        </main>
      )}
    </PageContext.Provider>
  );
}
