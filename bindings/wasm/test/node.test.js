// The tests in Node, and how long a verification takes there.
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import * as library from 'llavero-verifier';

import { cases } from './cases.js';
import { equal } from './check.js';

const fixtures = JSON.parse(await readFile(new URL('../fixtures.json', import.meta.url), 'utf8'));

for (const { name, run } of cases(library, fixtures)) test(name, run);

test('only the package itself can be imported', async () => {
  for (const inner of ['llavero_wasm.js', 'verifier.js', 'llavero_wasm_bg.wasm']) {
    const error = await import(`llavero-verifier/${inner}`).catch((thrown) => thrown);
    equal(error.code, 'ERR_PACKAGE_PATH_NOT_EXPORTED', inner);
  }
});

test('a verification takes milliseconds', () => {
  const { Challenge, TrustList } = library;
  for (const name of ['over 18', 'over 18, with the other curve', 'CURP and all nationalities']) {
    const story = fixtures.cases.find((one) => one.name === name);
    const trust = TrustList.fromJson(story.trust);
    const times = Array.from({ length: 200 }, () => {
      const challenge = Challenge.fromJson(story.challenge);
      const start = performance.now();
      challenge.verify(story.answer, trust, new Date(story.now * 1000));
      return performance.now() - start;
    });
    const median = times.sort((a, b) => a - b)[100];
    console.log(`verify, ${name}: median ${median.toFixed(2)} ms of 200`);
    // Far above what it takes anywhere: a build without optimisation takes longer.
    equal(median < 100, true, `${median} ms`);
  }
});
