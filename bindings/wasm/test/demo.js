// The demo page, used as somebody at a door would: ask, paste what the wallet says, read the verdict.
import { equal } from './check.js';

export function demo({ address, fixtures, open }) {
  const byName = (name) => fixtures.cases.find((one) => one.name === name);

  /** The demo at the time of a story, about to pose its question: with its clock, its list and its nonce. */
  async function at(story, { locale, days = 0, trust = story.trust }) {
    const { context, page, seen } = await open({ locale, viewport: { width: 420, height: 900 } });
    await context.clock.setFixedTime(new Date((story.now + days * 86_400) * 1000));
    const { nonce } = JSON.parse(story.challenge).request;
    await context.addInitScript((text) => {
      const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
      crypto.getRandomValues = (bytes) => bytes.map((_, index) => binary.charCodeAt(index));
    }, nonce);
    await page.route('**/trust-list.json', (route) => route.fulfill({ body: trust }));
    await page.goto(`${address}/demo/index.html`);
    await page.locator('#request').filter({ hasText: nonce }).waitFor();
    return { context, page, seen };
  }

  const text = (page, id) => page.locator(id).innerText();

  async function answer(page, words) {
    await page.locator('#answer').fill(words);
    await page.locator('#verify').click();
    await page.locator('#verdict:not([hidden])').waitFor();
    return text(page, '#verdict');
  }

  const includes = (all, part) => equal(all.includes(part), true, `"${part}" in "${all}"`);

  return [
    ['demo: an adult, in Spanish', async (picture) => {
      const story = byName('over 18');
      const list = JSON.parse(story.trust);
      const trust = JSON.stringify({ ...list, issued_at: list.issued_at - 12 * 86_400 });
      const { context, page, seen } = await at(story, { locale: 'es-MX', trust });
      await context.setOffline(true);
      const said = await answer(page, story.answer);
      includes(said, 'Mayor de 18 años');
      includes(said, 'Agencia de Ejemplo');
      includes(said, 'hace 12 días');
      await page.screenshot({ path: picture('demo-es.png'), fullPage: true });
      const again = await answer(page, story.answer);
      includes(again, 'already_used');
      includes(again, 'Haz una pregunta nueva');
      equal(again.includes('Mayor'), false, 'what was said before');
      equal(seen.errors.join(), '', 'errors of the page');
      await context.close();
    }],
    ['demo: a child, in English', async (picture) => {
      const story = byName('under 18');
      const { context, page, seen } = await at(story, { locale: 'en-GB' });
      const said = await answer(page, story.answer);
      includes(said, 'Not over 18');
      includes(said, 'made today');
      await page.screenshot({ path: picture('demo-en.png'), fullPage: true });
      equal(seen.errors.join(), '', 'errors of the page');
      await context.close();
    }],
    ['demo: an answer to another question', async (picture) => {
      const story = byName('bound to another question');
      const { context, page } = await at(story, { locale: 'es-MX' });
      const said = await answer(page, story.answer);
      includes(said, 'No se acepta');
      includes(said, 'Es la respuesta a otra pregunta');
      includes(said, 'nonce_mismatch');
      await page.screenshot({ path: picture('demo-refused.png'), fullPage: true });
      await context.close();
    }],
    ['demo: a new question has another nonce', async () => {
      const { context, page } = await open({ locale: 'es-MX' });
      await page.route('**/trust-list.json', (route) => route.fulfill({ body: fixtures.trust }));
      await page.goto(`${address}/demo/index.html`);
      await page.locator('#request').filter({ hasText: 'nonce' }).waitFor();
      const first = await text(page, '#request');
      await page.locator('#ask').click();
      equal(first === await text(page, '#request'), false, 'the same request');
      await context.close();
    }],
    ['demo: a list that cannot be read', async () => {
      const { context, page } = await open({ locale: 'en-US' });
      await page.route('**/trust-list.json', (route) => route.fulfill({ body: '{}' }));
      await page.goto(`${address}/demo/index.html`);
      await page.locator('#verdict:not([hidden])').waitFor();
      includes(await text(page, '#verdict'), 'member_malformed');
      equal(await page.locator('#verify').isDisabled(), true, 'nothing to verify with');
      await context.close();
    }],
  ];
}
