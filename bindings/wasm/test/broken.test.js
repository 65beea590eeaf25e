// What needs a process of its own: the library's memory as nobody used it yet, and what becomes of a library that
// failed on its way, for nothing works afterwards.
import { test } from 'node:test';

import { Challenge, LlaveroError, TrustList } from 'llavero-verifier';

import { equal, refused } from './check.js';

// The module that the package hides, found by where the package is.
const hidden = new URL('./llavero_wasm.js', import.meta.resolve('llavero-verifier'));
const inner = await import(hidden.href);

test('a text without end does not fill the memory of the library', async () => {
  // Started already: this returns what the instance exports.
  const { memory } = await inner.default();
  const before = memory.buffer.byteLength;
  const error = refused(LlaveroError, 'limit_exceeded', () => TrustList.fromJson('x'.repeat(2 ** 27)));
  equal(error.message, 'length over the limit', 'the text');
  equal(memory.buffer.byteLength - before < 2 ** 26, true, 'memory taken for it');
});

test('after a failure nothing is verified any more', () => {
  const trust = TrustList.fromJson('{"issued_at": 0, "issuers": []}');
  const options = {
    clientId: 'https://bar.example',
    purpose: 'Entrar',
    query: { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['urn:example:a'] } }] },
    lifetimeSecs: 60,
    now: new Date(0),
  };
  const [one, two] = [new Challenge(options), new Challenge(options)];
  inner.Challenge.prototype.verify = () => {
    throw new WebAssembly.RuntimeError('unreachable');
  };
  const error = refused(LlaveroError, 'internal', () => one.verify('{}', trust, new Date(0)));
  equal(error.cause instanceof WebAssembly.RuntimeError, true, 'the cause');
  for (const work of [
    () => two.verify('{}', trust, new Date(0)),
    () => two.request(),
    () => two.toJson(),
    () => trust.toJson(),
    () => trust.issuedAt,
    () => new Challenge(options),
    () => Challenge.fromJson('{}'),
    () => TrustList.fromJson('{}'),
  ]) {
    refused(LlaveroError, 'internal', work, `${work}`);
  }
});
