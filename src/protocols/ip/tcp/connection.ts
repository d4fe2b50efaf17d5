import type { Connection } from "../../../platform/network/network.ts";
import { ServiceError } from "../../../platform/network/service-error.ts";
import type { Alarm } from "../../../platform/time/clock.ts";
import { Deadline } from "../../../platform/time/deadline.ts";
import type { Inside } from "../gateway.ts";
import { formatAddress, type Ipv4Packet, keepQuote, type PortAddress } from "../ipv4.ts";
import { IP_LIMITS } from "../limits.ts";
import { Receiver } from "./receiver.ts";
import { RoundTripTimer } from "./round-trip-timer.ts";
import { advance, composeSegment, FLAG, type Outgoing, type Segment } from "./segment.ts";
import { type DueSegment, Sender } from "./sender.ts";

/** IPv4 and TCP headers, and the segment size of a host that announces none (RFC 9293 §3.7.1). */
const HEADERS = 40;
const DEFAULT_MSS = 536;
const LEAST_MSS = 64;
const OUR_MSS = IP_LIMITS.packet - HEADERS;

/** Bytes that the network takes at a time: the window opens again in parts. */
const PIECE = 8 * 1024;

type State = "dialling" | "answering" | "open" | "closing" | "gone";

/**
 * One connection of the host, ended here and joined to one of the network. Neither side gets further ahead of the other than
 * a buffer of each direction holds.
 *
 * @rfc 9293
 */
export class TcpConnection {
  readonly #inside: Inside;
  readonly #ended: () => void;
  readonly #syn: Segment;
  readonly #opening: Ipv4Packet;
  readonly #near: PortAddress;
  readonly #far: PortAddress;
  readonly #first: number;
  readonly #receiver: Receiver;
  readonly #roundTrip = new RoundTripTimer();
  readonly #life = new AbortController();
  readonly #output = () => this.#send();
  #state: State = "dialling";
  #sender: Sender | undefined;
  #connection: Connection | undefined;
  #alarm: Alarm | undefined;
  #attempts = 0;
  #owesAck = false;
  #isDelivered = false;
  /** Release the two directions, which wait for bytes of the host and for room toward it. */
  #wakeUp: () => void = () => undefined;
  #wakeDown: () => void = () => undefined;
  /** When the host was last heard. */
  heard: number;

  /** Dials for the host's SYN. `ended` is called once. */
  constructor(inside: Inside, packet: Ipv4Packet, syn: Segment, ended: () => void) {
    this.#inside = inside;
    this.#ended = ended;
    this.#syn = { ...syn, data: Buffer.alloc(0) };
    this.#opening = keepQuote(packet);
    this.#near = { address: packet.source, port: syn.sourcePort };
    this.#far = { address: packet.destination, port: syn.destinationPort };
    this.#first = inside.random.integer(2 ** 32);
    this.#receiver = new Receiver(advance(syn.seq, 1));
    this.heard = inside.clock.monotonic();
    void this.#dial();
  }

  /** Whether a SYN begins a new connection in the place of this one: the host has forgotten this one. */
  isReplacedBy({ seq, flags }: Segment): boolean {
    if ((flags & (FLAG.syn | FLAG.ack | FLAG.rst)) !== FLAG.syn || seq === this.#syn.seq) return false;
    return this.#state === "dialling" || this.#state === "closing";
  }

  receive(segment: Segment): void {
    this.heard = this.#inside.clock.monotonic();
    const isJoined = this.#state === "answering" || this.#state === "open";
    if (isJoined) this.#arrive(segment);
    else if ((segment.flags & FLAG.rst) === 0) this.#challenge();
    else if (segment.seq === this.#receiver.next) this.close();
  }

  /** Drops the connection; the host hears nothing of it. */
  close(reason?: Error): void {
    if (this.#state === "gone") return;
    this.#state = "gone";
    this.#alarm?.cancel();
    this.#connection?.close(reason);
    this.#life.abort(new Error("the connection has ended"));
    this.#wakeUp();
    this.#wakeDown();
    this.#ended();
  }

  /** Drops the connection and resets the host's end. */
  reset(): void {
    if (this.#state === "gone") return;
    const seq = this.#sender?.next ?? 0;
    this.#emit({ seq, flags: FLAG.rst | FLAG.ack });
    this.close(new ServiceError("RESET", "the host's end was reset"));
  }

  async #dial(): Promise<void> {
    const { network, clock, names } = this.#inside;
    const deadline = new Deadline(clock, IP_LIMITS.dial, this.#life.signal);
    const target = { host: names.of(formatAddress(this.#far.address)), port: this.#far.port, service: "tcp" } as const;
    try {
      const connection = await network.connect(target, deadline.signal);
      if (this.#life.signal.aborted) connection.close();
      else this.#answer(connection);
    } catch (error) {
      if (!this.#life.signal.aborted) this.#refuse(error);
    } finally {
      deadline.dispose();
    }
  }

  /** Answers the SYN as the network has: nothing where nobody answered, so that the host tries on. */
  #refuse(error: unknown): void {
    const code = error instanceof ServiceError ? error.code : "UNKNOWN";
    if (code === "UNREACHABLE" || code === "UNRESOLVED") this.#inside.report("hostUnreachable", this.#opening);
    if (code === "REFUSED" || code === "RESET" || code === "CLOSED") this.reset();
    else this.close();
  }

  #answer(connection: Connection): void {
    this.#connection = connection;
    this.#state = "answering";
    this.#sendSynAck();
    this.#arm();
  }

  #sendSynAck(): void {
    this.#emit({ seq: this.#first, flags: FLAG.syn | FLAG.ack, mss: OUR_MSS });
  }

  /** RFC 9293 §3.10.7.4, with the challenges of RFC 5961. */
  #arrive(segment: Segment): void {
    const { seq, flags, data } = segment;
    const isSyn = (flags & FLAG.syn) !== 0;
    const isLast = (flags & FLAG.fin) !== 0;
    if (this.#state === "answering" && isSyn && seq === this.#syn.seq) {
      this.#sendSynAck();
      return;
    }
    const length = data.length + (isSyn ? 1 : 0) + (isLast ? 1 : 0);
    const isReset = (flags & FLAG.rst) !== 0;
    const isAccepted = this.#receiver.accepts(seq, length);
    if (isAccepted && isReset && seq === this.#receiver.next) {
      this.close(new ServiceError("RESET", "the host has reset the connection"));
      return;
    }
    if (!isAccepted || isReset || isSyn) {
      if (isAccepted || !isReset) this.#challenge();
      return;
    }
    if ((flags & FLAG.ack) === 0) return;
    if (this.#state === "answering" && !this.#open(segment)) return;
    if (!this.#acknowledge(segment)) {
      this.#challenge();
      return;
    }
    if (length > 0) {
      this.#receiver.take(seq, data, isLast);
      this.#owesAck = true;
      this.#wakeUp();
    }
    this.#send();
    this.#endWhenDone();
  }

  /** The handshake's last segment has come. `false` where it acknowledges something else. */
  #open(segment: Segment): boolean {
    if (segment.ack !== advance(this.#first, 1)) {
      this.#emit({ seq: segment.ack, flags: FLAG.rst });
      return false;
    }
    const mss = Math.min(OUR_MSS, Math.max(LEAST_MSS, this.#syn.mss ?? DEFAULT_MSS));
    this.#sender = new Sender(mss, segment);
    this.#state = "open";
    this.#attempts = 0;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    void Promise.all([this.#toNetwork(), this.#toHost()]).catch(() => this.reset());
    return true;
  }

  /** Takes what the host has acknowledged. `false` where that was never sent. */
  #acknowledge(segment: Segment): boolean {
    const sender = this.#sender;
    if (sender === undefined) return false;
    const before = sender.first;
    if (!sender.acknowledge(segment)) return false;
    const isProgress = sender.first !== before;
    if (isProgress || sender.isShut) this.#attempts = 0;
    if (!isProgress) return true;
    this.#roundTrip.acknowledged(segment.ack, this.#inside.clock.monotonic());
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#wakeDown();
    return true;
  }

  #challenge(): void {
    this.#owesAck = true;
    this.#send();
  }

  /** Sends what is due while the link takes it. An acknowledgement that waits is one, however many segments it answers. */
  #send(): void {
    const { outlet } = this.#inside;
    const sender = this.#sender;
    if (sender === undefined || this.#state === "gone") return;
    while (outlet.hasRoom) {
      const segment = sender.due();
      if (segment === undefined) break;
      this.#emitDue(segment);
    }
    if (this.#owesAck && outlet.hasRoom) this.#emit({ seq: sender.next, flags: FLAG.ack });
    if (!outlet.hasRoom) outlet.whenRoom(this.#output);
    this.#arm();
  }

  #emitDue({ seq, data, isLast, isNew }: DueSegment): void {
    if (isNew) this.#roundTrip.sent(advance(seq, data.length + (isLast ? 1 : 0)), this.#inside.clock.monotonic());
    const flags = FLAG.ack | (data.length > 0 ? FLAG.psh : 0) | (isLast ? FLAG.fin : 0);
    this.#emit({ seq, flags, data });
  }

  #emit(segment: Outgoing): void {
    this.#owesAck = false;
    const ack = (segment.flags & FLAG.ack) === 0 ? 0 : this.#receiver.next;
    const whole = { ...segment, ack, window: this.#receiver.announce() };
    this.#inside.outlet.send(composeSegment(this.#far, this.#near, whole));
  }

  #arm(): void {
    const isAwaited = this.#state === "answering" || this.#sender?.awaits === true;
    if (!isAwaited || this.#alarm !== undefined) return;
    this.#alarm = this.#inside.clock.alarm(this.#roundTrip.timeout, () => this.#timedOut());
  }

  /** Sends again. A link that takes nothing has not even carried what was sent, and only time passes. */
  #timedOut(): void {
    this.#alarm = undefined;
    if (!this.#inside.outlet.hasRoom) {
      this.#arm();
      return;
    }
    if (++this.#attempts > IP_LIMITS.attempts) {
      this.reset();
      return;
    }
    this.#roundTrip.backOff();
    this.#sender?.timedOut();
    if (this.#state === "answering") this.#sendSynAck();
    this.#send();
    this.#arm();
  }

  async #toNetwork(): Promise<void> {
    const connection = this.#connection;
    const { bytes } = this.#receiver;
    while (connection !== undefined && this.#state !== "gone") {
      if (bytes.length > 0) {
        const count = Math.min(bytes.length, PIECE);
        await connection.write(bytes.copy(0, count), this.#life.signal);
        bytes.drop(count);
        if (this.#receiver.hasNews) this.#challenge();
      } else if (this.#receiver.finished) {
        connection.end();
        this.#isDelivered = true;
        this.#endWhenDone();
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wakeUp = resolve;
        });
      }
    }
  }

  async #toHost(): Promise<void> {
    const connection = this.#connection;
    const sender = this.#sender;
    if (connection === undefined || sender === undefined) return;
    for (;;) {
      const chunk = await connection.read(this.#life.signal);
      if (chunk === undefined) break;
      for (let at = 0; at < chunk.length && this.#state !== "gone"; ) {
        at += sender.push(chunk.subarray(at));
        this.#send();
        if (!sender.hasRoom) await this.#room(sender);
      }
    }
    sender.end();
    this.#send();
  }

  /** Waits for room in what goes to the host, or for the end. */
  async #room(sender: Sender): Promise<void> {
    while (!sender.hasRoom && this.#state !== "gone") {
      await new Promise<void>((resolve) => {
        this.#wakeDown = resolve;
      });
    }
  }

  /** Both directions have ended: answers a while longer, in which the network gets the last bytes, too. */
  #endWhenDone(): void {
    if (this.#state !== "open" || !this.#isDelivered || this.#sender?.finished !== true) return;
    this.#state = "closing";
    this.#alarm?.cancel();
    this.#alarm = this.#inside.clock.alarm(IP_LIMITS.timeWait, () => this.close());
  }
}
