/** Whether the SIM lets PIN-protected commands run. */
export type SimState = "ready" | "pin" | "puk" | "absent";

/** The SIM card. */
export class Sim {
  readonly state: SimState = "ready";
}
