import type { ComponentChild } from "preact";
import { useId, useRef, useState } from "preact/hooks";

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly content: () => ComponentChild;
}

/** Tabs as the ARIA Authoring Practices have them: the arrow keys, Home and End choose one. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  const id = useId();
  const [chosen, setChosen] = useState(tabs[0]?.id);
  const buttons = useRef<HTMLDivElement>(null);
  const place = Math.max(
    0,
    tabs.findIndex((tab) => tab.id === chosen),
  );
  const tab = tabs[place];
  const move = (event: KeyboardEvent) => {
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const target = (next + tabs.length) % tabs.length;
    setChosen(tabs[target]?.id);
    buttons.current?.querySelectorAll("button")[target]?.focus();
  };
  return (
    <section class="tabs">
      <div role="tablist" aria-label={label} ref={buttons} onKeyDown={move}>
        {tabs.map((each) => (
          <button
            key={each.id}
            type="button"
            role="tab"
            id={`${id}-${each.id}`}
            aria-selected={each === tab}
            aria-controls={`${id}-panel`}
            tabIndex={each === tab ? 0 : -1}
            onClick={() => setChosen(each.id)}
          >
            {each.label}
          </button>
        ))}
      </div>
      <div
        key={tab?.id}
        role="tabpanel"
        id={`${id}-panel`}
        class={`panel panel-${tab?.id}`}
        aria-labelledby={`${id}-${tab?.id}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a panel that scrolls is reached by the keyboard.
        tabIndex={0}
      >
        {tab?.content()}
      </div>
    </section>
  );
}
