import { useChanges } from "../live/changes.ts";
import { describeProgress } from "../model/connections.ts";
import { formatCount, formatTime } from "../model/format.ts";
import { usePage } from "../view/page-context.ts";

/** How many connections the table shows, the last ones. */
const SHOWN = 200;

/** The connections as a table. */
export function NetworkPanel() {
  const { session } = usePage();
  useChanges(session.slowChanges);
  const { modem } = session.selection.criteria;
  const all = session.conversation.connections.list.filter((each) => modem === undefined || each.modem === modem);
  const shown = all.slice(-SHOWN).toReversed();
  return (
    <>
      <h2>Connections</h2>
      {all.length === 0 ? <p class="none">No module has connected to anything yet.</p> : null}
      {all.length > SHOWN ? <p class="none">{`The last ${SHOWN} of ${formatCount(all.length)}.`}</p> : null}
      {shown.length === 0 ? null : (
        <table>
          <thead>
            <tr>
              <th>at</th>
              <th>service</th>
              <th>server</th>
              <th>how it went</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((each) => (
              <tr key={`${each.modem} ${each.begun} ${each.port}`} class={each.error === undefined ? "" : "bad"}>
                <td>{formatTime(each.begun)}</td>
                <td>{each.service}</td>
                <td>{`${each.host}:${each.port}`}</td>
                <td>{describeProgress(each)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
