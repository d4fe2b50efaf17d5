import { formatCount, formatDuration } from "../model/format.ts";
import { isFailure } from "../model/row.ts";
import { usePage } from "../view/page-context.ts";

/** The verdict of a session, and what happened in it by numbers. */
export function Summary() {
  const { session, glossary } = usePage();
  const { summary, conversation, status } = session;
  if (status.kind === "record" && status.reading) return <p class="none">The record is being read.</p>;
  const rows = conversation.rows;
  const duration = (rows.at(-1)?.lastAt ?? 0) - (rows[0]?.at ?? 0);
  const commands = new Map<string, Map<string, number>>();
  for (const { notes } of rows)
    for (const note of notes) {
      if (note.kind !== "command") continue;
      const results = commands.get(note.name) ?? new Map<string, number>();
      const result = note.result ?? "no final result";
      commands.set(note.name, results.set(result, (results.get(result) ?? 0) + 1));
    }
  return (
    <>
      <h2>Session</h2>
      <dl class="facts">
        <div>
          <dt>took</dt>
          <dd>{formatDuration(duration)}</dd>
        </div>
        <div>
          <dt>rows</dt>
          <dd>{formatCount(rows.length)}</dd>
        </div>
        {summary?.exitCode === undefined ? null : (
          <div class={summary.exitCode === 0 ? "" : "bad"}>
            <dt>exit code</dt>
            <dd>{summary.exitCode}</dd>
          </div>
        )}
      </dl>
      {summary === undefined || summary.expectations.length === 0 ? null : (
        <>
          <h2>Expectations</h2>
          <ul class="list">
            {summary.expectations.map(({ name, problem }) => (
              <li key={name} class={problem === undefined ? "" : "bad"}>
                <b>{name}</b> {problem === undefined ? "met" : problem}
              </li>
            ))}
          </ul>
        </>
      )}
      {summary === undefined || summary.faults.length === 0 ? null : (
        <>
          <h2>Faults</h2>
          <ul class="list">
            {summary.faults.map(({ id, kind, fired }) => (
              <li key={id}>
                <b>{id}</b> {kind}, {fired === 0 ? "never fired" : fired === 1 ? "fired once" : `fired ${fired} times`}
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>Commands</h2>
      <table>
        <thead>
          <tr>
            <th>command</th>
            <th>what it is</th>
            <th>results</th>
          </tr>
        </thead>
        <tbody>
          {[...commands].toSorted().map(([name, results]) => (
            <tr key={name} class={[...results.keys()].some(isFailure) ? "bad" : ""}>
              <td>AT{name}</td>
              <td>{glossary.commands[name]}</td>
              <td>{[...results].map(([result, count]) => `${count} ${result}`).join(", ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
