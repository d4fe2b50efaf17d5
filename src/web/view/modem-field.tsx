import { useEffect, useId, useState } from "preact/hooks";
import { memo } from "./memo.ts";

interface ModemFieldProps {
  /** In ascending order; the same list as long as nothing has changed. */
  readonly ids: readonly string[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string | undefined) => void;
}

/** Up to so many modems stand in a list that is read as a whole; of more, the user types which one is meant. */
const FEW = 20;

/** Chooses the modem that the page is about, or all of them. */
export const ModemField = memo((props: ModemFieldProps) =>
  props.ids.length <= FEW ? <ModemList {...props} /> : <ModemSearch {...props} />,
);

function ModemList({ ids, chosen, onChoose }: ModemFieldProps) {
  return (
    <label class="modem">
      Modem
      <select value={chosen ?? ""} onChange={({ currentTarget }) => onChoose(currentTarget.value || undefined)}>
        <option value="">all {ids.length}</option>
        {ids.map((id) => (
          <option key={id}>{id}</option>
        ))}
      </select>
    </label>
  );
}

/** A field that offers the modems whose id holds what is typed; left empty, it stands for all. */
function ModemSearch({ ids, chosen, onChoose }: ModemFieldProps) {
  const id = useId();
  const [text, setText] = useState(chosen ?? "");
  const [unknown, setUnknown] = useState<string>();
  useEffect(() => setText(chosen ?? ""), [chosen]);
  const choose = () => {
    const wanted = text.trim();
    const isKnown = wanted === "" || ids.includes(wanted);
    setUnknown(isKnown ? undefined : wanted);
    if (isKnown) onChoose(wanted || undefined);
  };
  return (
    <div class="modem">
      <label for={id}>Modem</label>
      <input
        id={id}
        type="search"
        list={`${id}-ids`}
        value={text}
        placeholder={`all ${ids.length}`}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={unknown !== undefined}
        aria-describedby={`${id}-problem`}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onChange={choose}
      />
      <datalist id={`${id}-ids`}>
        {ids.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <span id={`${id}-problem`} role="status" class="refused">
        {unknown === undefined ? "" : `There is no modem ${unknown}`}
      </span>
    </div>
  );
}
