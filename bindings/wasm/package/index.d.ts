/** What to ask, whom for, and for how long. */
export interface ChallengeOptions {
  /** The identifier that answers are bound to, such as `https://bar.example`. */
  clientId: string;
  /** A name for the wallet's consent sheet, which says that nobody vouches for it. */
  clientName?: string | null;
  /** What the claims are needed for, in the holder's language. */
  purpose: string;
  /** Which claims are asked for: a DCQL query (OpenID4VP 1.0 §6), as an object or as JSON text. */
  query: object | string;
  /** How long the question stays open: 1 second to 1 day. */
  lifetimeSecs: number;
  /** The time now. Nothing here reads a clock. */
  now: Date;
  /** A source of random bytes: that many, in a new array. Without one it is `crypto.getRandomValues`. */
  random?: (length: number) => Uint8Array;
}

/** A question with a fresh nonce, open for a while. It is answered once. */
export class Challenge {
  /** Poses a new question. */
  constructor(options: ChallengeOptions);
  /** Reads a challenge that was kept. */
  static fromJson(text: string): Challenge;
  /** What to send to the wallet, as JSON text. */
  request(): string;
  /**
   * The challenge as JSON text, for a verifier that must forget between question and answer. Whoever keeps it must
   * delete it when it is answered, or the answer can be given again.
   */
  toJson(): string;
  /**
   * Verifies the answer to this question, which is then used up, whatever comes of it: a second call is refused as
   * `already_used`. An argument of a wrong type is refused before that.
   *
   * `locales` are language tags, the preferred one first, such as `navigator.languages`: types and claims that a
   * document of the list describes are called in the best of them that it has, or in another language.
   */
  verify(answer: string, trust: TrustList, now: Date, locales?: readonly string[]): Verdict;
}

/** Issuers believed for some types at some times. */
export class TrustList {
  private constructor();
  /** Reads a list of at most 8 MiB. */
  static fromJson(text: string): TrustList;
  /** When the list was made. */
  readonly issuedAt: Date;
  /** The list as JSON text. */
  toJson(): string;
}

/** An answer that was accepted. It holds the claims that were asked for and no others, and is frozen. */
export interface Verdict {
  /** The credentials shown, in the order of the query. */
  readonly credentials: readonly VerifiedCredential[];
  /** When the check was made. */
  readonly checkedAt: Date;
  /** When the list of trusted issuers was made: an issuer or key withdrawn since is still believed here. */
  readonly trustIssuedAt: Date;
}

/** One credential of a verdict. */
export interface VerifiedCredential {
  /** The id of the credential query that this answers. */
  readonly query: string;
  /** `iss`. */
  readonly issuer: string;
  /** The issuer's name on the trust list. */
  readonly issuerName: string;
  /** `vct`. */
  readonly credentialType: string;
  /** What to call the type; `null` if the trust list has no document of it. */
  readonly typeName: string | null;
  /** The claims that were asked for, in the order of the query. */
  readonly claims: readonly AskedClaim[];
  /** Until when the credential is valid; `null` if it does not say. */
  readonly expires: Date | null;
  /** When the holder proved possession of its key; `null` where the query asked for no proof. */
  readonly boundAt: Date | null;
  /** What is known of a revocation. There is no "not revoked" without a list that says so. */
  readonly revocation: 'not_checked' | 'not_provided';
}

/** One claim that was asked for and shown. */
export interface AskedClaim {
  /** The path in the query: names, indexes, and `null` for every element of an array. */
  readonly path: readonly (string | number | null)[];
  /** What to call it; `null` if no document on the trust list has a label for it. */
  readonly label: string | null;
  /** What it selects: one value, or several for a wildcard. */
  readonly values: readonly ClaimValue[];
}

/** A JSON value. An integer beyond `Number.MAX_SAFE_INTEGER` is a `bigint`, so that it is the one that was issued. */
export type ClaimValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly ClaimValue[]
  | { readonly [name: string]: ClaimValue };

/** Why something was refused. It holds positions, times and names, and never the value of a claim. */
export class LlaveroError extends Error {
  constructor(
    code: string,
    message: string,
    details?: { query?: string; index?: number; cause?: unknown },
  );
  readonly name: 'LlaveroError';
  /**
   * A name that does not change: one of those in SPEC.md §15, or `already_used`, `argument_malformed` (not the type or
   * form that is declared here) or `internal` (the WebAssembly instance failed and must be loaded anew).
   */
  readonly code: string;
  /** The id of the credential query whose presentation is not sound. */
  readonly query?: string;
  /** Which of the presentations for it, counted from 0. */
  readonly index?: number;
}
