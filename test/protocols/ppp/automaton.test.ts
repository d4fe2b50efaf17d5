import { describe, expect, it } from "vitest";
import { type NegotiationEvent, type NegotiationState, transition } from "../../../src/protocols/ppp/automaton.ts";

describe("the negotiation automaton", () => {
  it.each<[NegotiationState, NegotiationEvent, string, NegotiationState]>([
    ["initial", "Open", "tls", "starting"],
    ["initial", "Up", "", "closed"],
    ["starting", "Up", "irc,scr", "request-sent"],
    ["request-sent", "RCR+", "sca", "ack-sent"],
    ["request-sent", "RCA", "irc", "ack-received"],
    ["ack-sent", "RCA", "irc,tlu", "opened"],
    ["ack-sent", "RCN", "irc,scr", "ack-sent"],
    ["ack-received", "RCR+", "sca,tlu", "opened"],
    ["ack-received", "RCR-", "scn", "ack-received"],
    ["request-sent", "TO+", "scr", "request-sent"],
    ["ack-received", "TO+", "scr", "request-sent"],
    ["request-sent", "TO-", "tlf", "stopped"],
    ["stopped", "RCR-", "irc,scr,scn", "request-sent"],
    ["opened", "RCR+", "tld,scr,sca", "ack-sent"],
    ["opened", "RCR-", "tld,scr,scn", "request-sent"],
    ["opened", "RTR", "tld,zrc,sta", "stopping"],
    ["opened", "Close", "tld,irc,str", "closing"],
    ["closing", "RTA", "tlf", "closed"],
    ["closing", "TO+", "str", "closing"],
    ["closing", "TO-", "tlf", "closed"],
    ["opened", "RXJ-", "tld,irc,str", "stopping"],
    ["opened", "RXR", "ser", "opened"],
    ["opened", "Down", "tld", "starting"],
    ["opened", "RUC", "scj", "opened"],
  ])("in %s on %s does '%s' and goes to %s", (state, event, actions, next) => {
    const found = transition(state, event);
    expect(found).toEqual({ actions: actions === "" ? [] : actions.split(","), next });
  });

  it.each<[NegotiationState, NegotiationEvent]>([
    ["initial", "RCR+"],
    ["starting", "RCA"],
    ["opened", "TO+"],
    ["closed", "TO-"],
  ])("has nothing in %s for %s", (state, event) => {
    expect(transition(state, event)).toBeUndefined();
  });
});
