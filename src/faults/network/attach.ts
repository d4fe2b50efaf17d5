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
  say(bytes: Buffer): void;
  /** The stages have changed. */
  readAhead(): void;
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
    if (kind?.connect === undefined || kind.concerns?.(target.host) === false || !isFor(rule, target)) continue;
    yield { rule, connect: async (attempt) => kind.connect?.(rule.spec, attempt) };
  }
}

/** Spoils what is open to a target, if the rule is for it and has a use left, until the rule or the `life` is over. */
export function attachRule(rule: Rule, modem: string, open: Spoilable, target: Endpoint, life: AbortSignal): void {
  const kind = kindOf(rule);
  if (kind?.open === undefined || !isFor(rule, target) || !rule.use(modem)) return;
  const { clock, random, spec } = rule;
  const { signal } = eitherSignal(rule.over, life);
  const wait = (ms: number) => (ms > 0 ? sleep(clock, ms, signal).catch(() => undefined) : Promise.resolve());
  const link: Link = {
    clock,
    random,
    service: target.service ?? "tcp",
    wait,
    held: () => wait(Number.POSITIVE_INFINITY),
    reset: () => signal.aborted || open.reset(),
    hangUp: () => signal.aborted || open.hangUp(),
    say: (bytes) => open.say(bytes),
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

/** Whether a fault is for a connection, by service, host and port. */
function isFor({ spec: { service, host, port } }: Rule, target: Endpoint): boolean {
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
