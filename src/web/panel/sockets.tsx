import { formatBytes } from "../model/format.ts";

/** A link of the socket commands as the state of a modem shows it. */
export interface SocketState {
  readonly link: number;
  readonly protocol: string;
  readonly state: string;
  readonly host: string | null;
  readonly port: number | null;
  readonly server: number | null;
  readonly sent: number;
  readonly received: number;
  readonly waiting: number;
}

/** The links that are open, or hold data that the host has not read. */
export function Sockets({ sockets }: { readonly sockets: readonly SocketState[] }) {
  return (
    <section aria-label="Sockets">
      <h2>Sockets</h2>
      {sockets.length === 0 ? (
        <p class="none">No socket is open.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th>link</th>
              <th>peer</th>
              <th>state</th>
              <th>sent</th>
              <th>received</th>
              <th>unread</th>
            </tr>
          </thead>
          <tbody>
            {sockets.map(({ link, protocol, state, host, port, server, sent, received, waiting }) => (
              <tr key={link}>
                <td>{link}</td>
                <td>
                  {`${protocol} ${host === null ? "any" : `${host}:${port}`}${server === null ? "" : `, by server ${server}`}`}
                </td>
                <td>{state}</td>
                <td>{formatBytes(sent)}</td>
                <td>{formatBytes(received)}</td>
                <td>{formatBytes(waiting)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
