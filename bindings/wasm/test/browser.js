// `browser.js CHROMIUM FOLDER`: the tests and the demo in a headless Chromium. Pictures of the demo go to FOLDER.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { equal } from './check.js';
import { demo } from './demo.js';
import { serve } from './serve.js';

const [, , executablePath, folder] = process.argv;
const fixtures = JSON.parse(await readFile(new URL('../fixtures.json', import.meta.url), 'utf8'));
const tally = { passed: 0, failed: 0 };

function note(name, error) {
  tally[error ? 'failed' : 'passed'] += 1;
  if (error) console.log(`FAILED ${name}\n${error}`);
}

async function check(name, run) {
  try {
    await run();
    note(name);
  } catch (error) {
    note(name, error.stack);
  }
}

/** A page that says what it asks for and what goes wrong in it. */
async function open(browser, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const seen = { requests: [], errors: [] };
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('pageerror', (error) => seen.errors.push(`${error}`));
  page.on('console', (message) => message.type() === 'error' && seen.errors.push(message.text()));
  return { context, page, seen };
}

const { server, address } = await serve();
const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
console.log(`Chromium ${browser.version()}`);
try {
  await check('the tests run in a page', async () => {
    const { context, page, seen } = await open(browser);
    await page.goto(`${address}/test/page.html`);
    await page.waitForFunction(() => globalThis.runTests);
    await context.setOffline(true);
    const loaded = seen.requests.length;
    const outcomes = await page.evaluate(() => globalThis.runTests());
    for (const { name, error } of outcomes) note(name, error);
    equal(outcomes.length > fixtures.cases.length, true, 'tests that ran');
    equal(seen.requests.length, loaded, 'requests while verifying');
    equal(seen.requests.every((url) => url.startsWith(address)), true, 'requests to this server alone');
    equal(seen.errors.join(), '', 'errors of the page');
    await context.close();
  });
  for (const [name, run] of demo({ address, fixtures, open: (options) => open(browser, options) })) {
    await check(name, () => run((picture) => join(folder, picture)));
  }
} finally {
  await browser.close();
  server.close();
}
console.log(`browser: ${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;
