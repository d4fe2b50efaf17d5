/** A PDP context as the host defines it (27.007 10.1.1). */
export interface PdpContext {
  readonly type: string;
  readonly apn: string;
  readonly address: string;
}

/** How a context logs in: 0 none, 1 PAP, 2 CHAP, 3 either. */
export interface PdpAuthentication {
  readonly type: number;
  readonly user: string;
}

/** The packet domain: attachment, contexts and the data connection of AT+NETOPEN. */
export class PacketService {
  attached = true;
  /** The context that the services use (AT+CSOCKSETPN). */
  activeContext = 1;
  /** Whether AT+NETOPEN has been given; the services do not need it. */
  open = false;
  readonly contexts = new Map<number, PdpContext>();
  readonly socketContexts = new Map<number, PdpContext>();
  readonly authentication = new Map<number, PdpAuthentication>();
  /** What the network has given us. */
  readonly address = "10.146.130.153";
}
