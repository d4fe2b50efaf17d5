import { eitherSignal, onAbort } from "../../platform/abortable.ts";
import type { Endpoint } from "../../platform/network/network.ts";
import { sleep } from "../../platform/time/clock.ts";
import type { Stage } from "../flow.ts";
import { NETWORK_KINDS } from "../kinds.ts";
import type { Rule } from "../rule.ts";
import type { AnyNetworkKind, Attempt, Link } from "./kind.ts";

/** What a fault can do to something that is open. */
export interface Spoilable {
  readonly up: { readonly stages: Set<Stage> };
  readonly down: { readonly stages: Set<Stage> };
  reset(): void;
  hangUp(): void;
  /** Lets the module get this as if the server had sent it, from the place of a stage of `down` on. */
  say(bytes: Buffer, from: Stage, passed?: () => void): void;
  /** The stages have changed. */
  readAhead(): void;
}

/** What is open, and to where. */
interface Opened {
  readonly modem: string;
  readonly open: Spoilable;
  readonly target: Endpoint;
  /** Aborts when it is closed. */
  readonly life: AbortSignal;
  /** Whether nothing has passed yet. */
  readonly isNew: boolean;
}

/** A rule that spoils the making of a connection, and how it does that. */
interface Spoiler {
  readonly rule: Rule;
  readonly connect: (attempt: Attempt) => Promise<void>;
}

/** The rules that spoil the making of a connection to a target; the caller takes their uses. */
export function* spoilers(rules: Iterable<Rule>, target: Endpoint): Generator<Spoiler> {
  for (const rule of rules) {
    const kind = kindOf(rule);
    if (kind?.connect === undefined || !isFor(rule, kind, target)) continue;
    yield { rule, connect: async (attempt) => kind.connect?.(rule.spec, attempt) };
  }
}

/** Spoils what is open to a target, if the rule is for it and has a use left, until the rule or the `life` is over. */
export function attachRule(rule: Rule, { modem, open, target, life, isNew }: Opened): void {
  const kind = kindOf(rule);
  if (kind?.open === undefined || !rule.holds(modem) || !isFor(rule, kind, target)) return;
  let isUsed: boolean | undefined;
  const use = () => {
    isUsed ??= rule.use(modem);
    return isUsed;
  };
  if (kind.isUsedLate !== true && !use()) return;
  const { clock, random, spec } = rule;
  const { signal } = eitherSignal(rule.over, life);
  const wait = (ms: number) => (ms > 0 ? sleep(clock, ms, signal).catch(() => undefined) : Promise.resolve());
  const link: Link = {
    clock,
    random,
    service: target.service ?? "tcp",
    isNew,
    use,
    wait,
    held: () => wait(Number.POSITIVE_INFINITY),
    reset: () => signal.aborted || open.reset(),
    hangUp: () => signal.aborted || open.hangUp(),
    say: (bytes, from, passed) => open.say(bytes, from, passed),
  };
  const stages = kind.open(spec, link) ?? {};
  const { down, up } = open;
  if (stages.up !== undefined && spec.direction !== "down") up.stages.add(stages.up);
  if (stages.down !== undefined && spec.direction !== "up") down.stages.add(stages.down);
  onAbort(signal, () => {
    if (stages.up !== undefined) up.stages.delete(stages.up);
    if (stages.down !== undefined) down.stages.delete(stages.down);
  });
  open.readAhead();
}

function kindOf(rule: Rule): AnyNetworkKind | undefined {
  return NETWORK_KINDS.find(({ kind }) => kind === rule.spec.kind);
}

/** Whether a fault is for a connection, by its kind, and by service, host and port. */
function isFor({ spec }: Rule, kind: AnyNetworkKind, target: Endpoint): boolean {
  const { service, host, port } = spec;
  if (kind.concerns?.(spec, target) === false) return false;
  if (service !== undefined && service !== (target.service ?? "tcp")) return false;
  if (port !== undefined && port !== target.port) return false;
  return typeof host !== "string" || matchesWildcard(host.toLowerCase(), target.host.toLowerCase());
}

/** Whether a text is what a pattern says, in which `*` stands for any characters; in linear time for each `*`. */
function matchesWildcard(pattern: string, given: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) return pattern === given;
  if (!given.startsWith(first) || !given.endsWith(last) || given.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of others) {
    const found = given.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= given.length - last.length;
}
