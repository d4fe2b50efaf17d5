/** Bounds of the gateway: what a host can make it keep. Sizes in bytes, times in milliseconds. */
export const IP_LIMITS = {
  /** Packets that wait while the link takes none; more datagrams are lost. TCP waits instead. */
  waitingPackets: 64,
  /** The largest packet toward the host: the MRU of its link. */
  packet: 1500,
  /** Ports of the host that have a UDP socket, and the silence after which one is closed (RFC 4787 REQ-5). */
  udpFlows: 64,
  udpIdle: 300_000,
  /** Datagrams of a flow that wait for the network, and peers of a flow whose address is remembered. */
  udpSending: 16,
  udpPeers: 64,
  /** Echoes and DNS queries that are under way. */
  echoes: 32,
  queries: 32,
  /** How long a name may take to resolve: less than a host waits. */
  query: 5_000,
  /** Names remembered by address. */
  names: 1024,
  /** TCP connections at a time. */
  connections: 128,
  /** Received bytes of a connection that wait for the network, which is the window, and sent ones that the host has not acknowledged. */
  window: 32 * 1024,
  unacknowledged: 32 * 1024,
  /** Segments of a connection that wait for an earlier one. */
  outOfOrder: 32,
  /** How long the network may take to connect: less than a host tries. */
  dial: 75_000,
  /** The time-out of a retransmission (RFC 6298), and how often a segment is sent without an answer. */
  rtoFirst: 1_000,
  rtoLeast: 300,
  rtoMost: 30_000,
  attempts: 10,
  /** How long a closed connection still answers: the link has no paths on which old segments linger. */
  timeWait: 2_000,
} as const;
