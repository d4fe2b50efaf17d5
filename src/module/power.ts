/** The switch behind AT+CPOF, AT+CRESET and AT+CFUN=6. Whatever runs is dropped at once, the session included. */
export interface Power {
  off(): void;
  restart(): void;
}
