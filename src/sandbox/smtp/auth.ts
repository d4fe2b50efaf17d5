import { hmacMd5 } from "../../platform/crypto.ts";

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** Who may authenticate: accounts by their passwords, and guests, who have none to be checked. */
export interface SmtpUsers {
  readonly accounts: readonly Account[];
  readonly guests: "nobody" | "anyone";
}

export type SmtpMechanism = "CRAM-MD5" | "PLAIN" | "LOGIN";

/** Sends a challenge, and gives the client's response; `undefined` when it gives up or sends what is not base64. */
export type Ask = (challenge: string) => Promise<string | undefined>;

/** The outcome of an authentication: the user, `"wrong"` credentials, or a `"broken"` dialogue. */
export type AuthOutcome = { readonly user: string } | "wrong" | "broken";

/** Runs one SASL exchange. `initial` is the response that came with the command; `challenge` is unique (RFC 2195). */
export async function runMechanism(
  mechanism: SmtpMechanism,
  initial: string | undefined,
  challenge: string,
  users: SmtpUsers,
  ask: Ask,
): Promise<AuthOutcome> {
  switch (mechanism) {
    case "PLAIN": {
      const response = initial === undefined ? await ask("") : decodeBase64(initial);
      const [, user, password] = response?.split("\0") ?? [];
      if (user === undefined || password === undefined) return "broken";
      return check(users, user, (account) => account.password === password);
    }
    case "LOGIN": {
      const user = initial === undefined ? await ask("Username:") : decodeBase64(initial);
      const password = user === undefined ? undefined : await ask("Password:");
      if (user === undefined || password === undefined) return "broken";
      return check(users, user, (account) => account.password === password);
    }
    case "CRAM-MD5": {
      const response = initial === undefined ? await ask(challenge) : undefined;
      const space = response?.lastIndexOf(" ") ?? -1;
      if (response === undefined || space < 0) return "broken";
      const digest = response.slice(space + 1);
      return check(users, response.slice(0, space), (account) => hmacMd5(account.password, challenge) === digest);
    }
  }
}

/** Decodes canonical base64, `undefined` for anything else; "=" is the empty response (RFC 4954 §4). */
export function decodeBase64(text: string): string | undefined {
  if (text === "=") return "";
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes.toString("utf8") : undefined;
}

function check({ accounts, guests }: SmtpUsers, user: string, matches: (account: Account) => boolean): AuthOutcome {
  const account = accounts.find((candidate) => candidate.user === user);
  return (account === undefined ? guests === "anyone" : matches(account)) ? { user } : "wrong";
}
