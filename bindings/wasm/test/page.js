// The tests in a page. It loads everything first and then waits: `runTests` is called when there is no network left.
import * as library from '/node_modules/llavero-verifier/index.js';

import { cases } from './cases.js';

const fixtures = await (await fetch('/fixtures.json')).json();

globalThis.runTests = () => cases(library, fixtures).map(({ name, run }) => {
  try {
    run();
    return { name };
  } catch (error) {
    return { name, error: `${error.stack}` };
  }
});
