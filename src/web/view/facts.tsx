interface FactsProps {
  /** By their names; those that do not apply are null or empty. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Values to read, each beside its name. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl class="facts">
      {Object.entries(facts).map(([name, value]) =>
        value === undefined || value === null || value === "" ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{String(value)}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
