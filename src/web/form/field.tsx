import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { JsonSchema } from "../../platform/schema/schema.ts";
import { controlOf, hintOf, labelOf, readEntered, showValue } from "./schema-words.ts";

/** What the rig found wrong, and in which field. */
export interface Problem {
  /** A JSON pointer. */
  readonly at: string | undefined;
  readonly message: string;
}

export interface FieldProps {
  readonly name: string;
  /** A JSON pointer to the field. */
  readonly at: string;
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly required?: boolean;
  /** Tells a change only when it is complete: when the field is left, or Enter is pressed. */
  readonly lazy?: boolean;
  readonly problem?: Problem | undefined;
  readonly onChange: (value: unknown) => void;
}

type Entered = JSX.TargetedEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>;

/** Texts that may be longer than this many characters get room for several lines; the name of a host does not. */
const LONGEST_LINE = 255;

interface Entering {
  readonly lazy: boolean;
  readonly isChoice: boolean;
  readonly enter: (event: Entered) => void;
  readonly keep: (event: Entered) => void;
}

/** When a value counts as entered: with each key, or when the field is left. */
function listeners({ lazy, isChoice, enter, keep }: Entering) {
  if (isChoice) return { onChange: enter };
  return lazy ? { onInput: keep, onChange: enter } : { onInput: enter };
}

/** A value of a schema, with its name, what may be entered, and what is wrong with it. */
export function Field({ name, at, schema, value, required = false, lazy, problem, onChange }: FieldProps) {
  const id = useId();
  // What is being entered stays when the rig changes something meanwhile.
  const [draft, setDraft] = useState<string>();
  const control = controlOf(schema);
  const isWrong = problem?.at === at;
  const hint = [schema.description, control === "choice" ? "" : hintOf(schema)].filter(Boolean).join(". ");
  const enter = (event: Entered) => {
    setDraft(undefined);
    onChange(readEntered(control, event.currentTarget.value));
  };
  const keep = (event: Entered) => setDraft(event.currentTarget.value);
  const common = {
    id,
    required,
    "aria-invalid": isWrong,
    "aria-describedby": `${id}-hint`,
    ...listeners({ lazy: lazy === true, isChoice: control === "choice", enter, keep }),
  };
  const shown = draft ?? showValue(control, value);
  return (
    <div class={`field ${control}${isWrong ? " wrong" : ""}`}>
      <label for={id}>{labelOf(name)}</label>
      {control === "choice" ? (
        <select {...common} value={shown}>
          <Options values={schema.enum} required={required} shown={shown} />
        </select>
      ) : control === "flag" ? (
        <input
          id={id}
          type="checkbox"
          role="switch"
          checked={value === true}
          aria-checked={value === true}
          aria-describedby={`${id}-hint`}
          onChange={({ currentTarget }) => onChange(currentTarget.checked || (lazy ? false : undefined))}
        />
      ) : control === "json" || control === "lines" || (schema.maxLength ?? 0) > LONGEST_LINE ? (
        <textarea {...common} rows={2} value={shown} spellcheck={false} />
      ) : (
        <input
          {...common}
          type={control === "number" ? "number" : "text"}
          step="any"
          value={shown}
          spellcheck={false}
        />
      )}
      <p id={`${id}-hint`} class="hint">
        {isWrong ? <strong>{problem?.message}</strong> : hint}
      </p>
    </div>
  );
}

interface OptionsProps {
  readonly values: JsonSchema["enum"];
  readonly required: boolean;
  readonly shown: string;
}

/** What a choice offers, and nothing where a choice has not been made or may be left out. */
function Options({ values = [], required, shown }: OptionsProps) {
  return (
    <>
      {required && shown !== "" ? null : <option value="">{required ? "choose" : ""}</option>}
      {values.map((each) => (
        <option key={String(each)}>{String(each)}</option>
      ))}
    </>
  );
}
