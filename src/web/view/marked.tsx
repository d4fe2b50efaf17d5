/** Text in which what was searched for is marked. */
export function Marked({ text, search }: { readonly text: string; readonly search: string }) {
  if (search === "") return <>{text}</>;
  const parts = [];
  const [small, wanted] = [text.toLowerCase(), search.toLowerCase()];
  let from = 0;
  for (let at = small.indexOf(wanted); at >= 0; at = small.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + wanted.length)}</mark>);
    from = at + wanted.length;
  }
  return (
    <>
      {parts}
      {text.slice(from)}
    </>
  );
}
