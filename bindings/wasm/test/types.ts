// Not run: the declarations must fit how the package is used, and refuse how it is not.
import { Challenge, LlaveroError, TrustList } from 'llavero-verifier';
import type { ClaimValue, Verdict } from 'llavero-verifier';

const now = new Date();
const trust: TrustList = TrustList.fromJson('{}');
const age: number = now.getTime() - trust.issuedAt.getTime();
const query = { credentials: [] };
const options = { clientId: 'https://bar.example', purpose: 'Entrar', query, lifetimeSecs: 300, now };
const challenge = new Challenge({ ...options, random: (length) => new Uint8Array(length) });
const kept: string = challenge.toJson();

try {
  const verdict: Verdict = Challenge.fromJson(kept).verify('{}', trust, now, navigator.languages);
  for (const { claims, expires, revocation, typeName } of verdict.credentials) {
    const until: number | undefined = expires?.getTime();
    const values: ClaimValue[] = claims.flatMap((claim) => claim.values);
    // @ts-expect-error There is no such state.
    const revoked: boolean = revocation === 'not_revoked';
    const names: (string | null)[] = [typeName, ...claims.map(({ label }) => label)];
    console.log(until, values, revoked, age, names);
  }
  // @ts-expect-error A verdict is not changed.
  verdict.credentials = [];
} catch (error) {
  if (error instanceof LlaveroError) console.log(error.code, error.query, error.index);
}

// @ts-expect-error A list is made from text.
new TrustList();
// @ts-expect-error Nothing has a time of its own.
challenge.verify('{}', trust);
// @ts-expect-error A time is a Date.
new Challenge({ ...options, now: 0 });
// @ts-expect-error Whoever asks says so.
new Challenge({ purpose: 'Entrar', query, lifetimeSecs: 300, now });
