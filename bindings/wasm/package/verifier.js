// The classes that a page sees. What is checked here is only what a compiler checks elsewhere: that an argument is a
// text, a date, a number. Every rule is in the library.
import * as library from './llavero_wasm.js';

/** Why something was refused. */
export class LlaveroError extends Error {
  constructor(code, message, { query, index, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'LlaveroError';
    this.code = code;
    if (query !== undefined) this.query = query;
    if (index !== undefined) this.index = index;
  }
}

/** What the library holds of an object of ours. Only this file can put something in. */
const held = new WeakMap();

function holding(prototype, inner) {
  const outer = Object.create(prototype);
  held.set(outer, inner);
  return outer;
}

function heldBy(outer, kind, name) {
  const inner = held.get(outer);
  if (!(inner instanceof kind)) throw misused(`${name} is not a ${kind.name}`);
  return inner;
}

/** A question with a fresh nonce, open for a while. It is answered once. */
export class Challenge {
  constructor(options) {
    const posed = argumentsOf(options);
    held.set(this, asked(() => library.Challenge.pose(...posed)));
  }

  static fromJson(text) {
    const json = asText(text, 'text');
    return holding(Challenge.prototype, asked(() => library.Challenge.fromJson(json)));
  }

  request() {
    const challenge = heldBy(this, library.Challenge, 'this');
    return asked(() => challenge.request());
  }

  toJson() {
    const challenge = heldBy(this, library.Challenge, 'this');
    return asked(() => challenge.toJson());
  }

  verify(answer, trust, now, locales = []) {
    const challenge = heldBy(this, library.Challenge, 'this');
    const list = heldBy(trust, library.TrustList, 'trust');
    const [text, secs] = [asText(answer, 'answer'), asSeconds(now, 'now')];
    const tags = asTexts(locales, 'locales');
    return frozen(asked(() => challenge.verify(text, list, secs, tags)));
  }
}

/** Issuers believed for some types at some times. */
export class TrustList {
  constructor() {
    throw misused('a TrustList is made with TrustList.fromJson');
  }

  static fromJson(text) {
    const json = asText(text, 'text');
    return holding(TrustList.prototype, asked(() => library.TrustList.fromJson(json)));
  }

  get issuedAt() {
    const list = heldBy(this, library.TrustList, 'this');
    return new Date(asked(() => list.issuedAt()));
  }

  toJson() {
    const list = heldBy(this, library.TrustList, 'this');
    return asked(() => list.toJson());
  }
}

/** The arguments of `pose`. Reading them may run code of the caller's: getters, `toJSON`. */
function argumentsOf(options) {
  try {
    if (!isObject(options)) throw misused('options is not an object');
    const { clientId, clientName, purpose, query, lifetimeSecs, now, random } = options;
    const named = clientName !== undefined && clientName !== null;
    return [
      asText(clientId, 'clientId'),
      named ? asText(clientName, 'clientName') : undefined,
      asText(purpose, 'purpose'),
      asText(isObject(query) ? JSON.stringify(query) : query, 'query'),
      asCount(lifetimeSecs, 'lifetimeSecs'),
      asSeconds(now, 'now'),
      asSource(random),
    ];
  } catch (cause) {
    if (cause instanceof LlaveroError) throw cause;
    throw new LlaveroError('argument_malformed', 'options cannot be read', { cause });
  }
}

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function asText(value, name) {
  if (typeof value !== 'string') throw misused(`${name} is not a string`);
  // One over the limit is refused as too long like all that follows, and does not fill the library's memory.
  const limit = asked(() => library.longestText());
  if (value.length > limit) return value.slice(0, limit + 1);
  // The library would be handed another character instead.
  if (/\p{Surrogate}/u.test(value)) throw misused(`${name} holds half of a character`);
  return value;
}

/** A person has a few languages; more are not looked at. */
const MAX_LOCALES = 100;

function asTexts(value, name) {
  if (!Array.isArray(value)) throw misused(`${name} is not an array`);
  try {
    return value.slice(0, MAX_LOCALES).map((text) => asText(text, name));
  } catch (cause) {
    if (cause instanceof LlaveroError) throw cause;
    throw new LlaveroError('argument_malformed', `${name} cannot be read`, { cause });
  }
}

function asCount(value, name) {
  if (!Number.isInteger(value)) throw misused(`${name} is not a whole number`);
  // What is passed on has 32 bits. What does not fit stays too small or too great.
  return Math.min(Math.max(value, 0), 0xffff_ffff);
}

function asSeconds(value, name) {
  let millis = NaN;
  try {
    // A date of another frame or realm is one, too; something that only looks like one is not.
    millis = Date.prototype.getTime.call(value);
  } catch {
    throw misused(`${name} is not a Date`);
  }
  if (Number.isNaN(millis)) throw misused(`${name} is an invalid Date`);
  return BigInt(Math.floor(millis / 1000));
}

function asSource(random) {
  if (random !== undefined && typeof random !== 'function') throw misused('random is not a function');
  const source = random ?? ((length) => crypto.getRandomValues(new Uint8Array(length)));
  return (length) => {
    const bytes = source(length);
    // The bytes of a view that is not one, or of another length, are not what was asked for.
    if (!(bytes instanceof Uint8Array)) throw new TypeError('random did not return a Uint8Array');
    return new Uint8Array(bytes);
  };
}

/** Whether the library failed on its way: what its memory holds then cannot be relied on any more. */
let broken = false;

/** Runs `work`, which is one call into the library. */
function asked(work) {
  if (broken) throw new LlaveroError('internal', 'the library failed before; load it anew');
  try {
    return work();
  } catch (cause) {
    // A refusal is a plain object; an Error is a trap, or a stack without room.
    if (!(cause instanceof Error)) throw new LlaveroError(cause.code, cause.message, cause);
    broken = true;
    throw new LlaveroError('internal', 'the library failed; load it anew', { cause });
  }
}

function misused(message) {
  return new LlaveroError('argument_malformed', message);
}

function frozen(value) {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
