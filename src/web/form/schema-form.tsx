import { Field, type FieldProps } from "./field.tsx";
import { commonNames, discriminator, labelOf } from "./schema-words.ts";

type Values = Readonly<Record<string, unknown>>;

type SchemaFormProps = Omit<FieldProps, "name" | "required" | "onChange"> & {
  readonly onChange: (value: Values) => void;
};

/** The fields of an object, as its schema has them; a field that is empty is no part of the value. */
export function SchemaForm({ schema, ...props }: SchemaFormProps) {
  if (schema.anyOf !== undefined && discriminator(schema.anyOf) !== undefined)
    return <Alternatives schema={schema} {...props} />;
  return <Properties schema={schema} names={Object.keys(schema.properties ?? {})} {...props} />;
}

function Properties({
  schema,
  names,
  value,
  at,
  onChange,
  ...rest
}: SchemaFormProps & { readonly names: readonly string[] }) {
  const values = (value ?? {}) as Values;
  const change = (name: string, next: unknown) => {
    const { [name]: _, ...others } = values;
    onChange(next === undefined ? others : { ...others, [name]: next });
  };
  return (
    <>
      {names.map((name) => {
        const inner = schema.properties?.[name] ?? {};
        const props = { ...rest, at: `${at}/${name}`, schema: inner, value: values[name] };
        if (inner.properties === undefined)
          return (
            <Field
              key={name}
              name={name}
              required={schema.required?.includes(name) ?? false}
              {...props}
              onChange={(next) => change(name, next)}
            />
          );
        return (
          <fieldset key={name}>
            <legend>{labelOf(name)}</legend>
            <SchemaForm {...props} onChange={(next) => change(name, Object.keys(next).length > 0 ? next : undefined)} />
          </fieldset>
        );
      })}
    </>
  );
}

/** One of several kinds of object, which the constant of one property tells apart; what all have comes last, folded. */
function Alternatives({ schema, value, at, onChange, ...rest }: SchemaFormProps) {
  const schemas = schema.anyOf ?? [];
  const name = discriminator(schemas) ?? "";
  const values = (value ?? {}) as Values;
  const kinds = schemas.map(({ properties }) => String(properties?.[name]?.const));
  const chosen = schemas[kinds.indexOf(String(values[name]))];
  const common = commonNames(schemas);
  const all = Object.keys(chosen?.properties ?? {}).filter((each) => each !== name);
  const required = new Set(chosen?.required);
  const own = all
    .filter((each) => !common.has(each))
    .toSorted((a, b) => Number(required.has(b)) - Number(required.has(a)));
  const props = { ...rest, value, at, onChange };
  return (
    <>
      <Field
        name={name}
        at={`${at}/${name}`}
        schema={{ enum: kinds, ...(chosen?.description === undefined ? {} : { description: chosen.description }) }}
        value={values[name]}
        required
        problem={rest.problem}
        onChange={(kind) => onChange({ [name]: kind })}
      />
      {chosen === undefined ? null : (
        <>
          <Properties {...props} schema={chosen} names={own} />
          <details>
            <summary>When, where and how often</summary>
            <Properties {...props} schema={chosen} names={all.filter((each) => common.has(each))} />
          </details>
        </>
      )}
    </>
  );
}
