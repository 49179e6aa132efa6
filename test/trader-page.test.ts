import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser, startSite } from './support/browser.ts';
import { startTestServer, testNow } from './support/server.ts';
import { makeLink, type TraderFirm, traderFirm } from './support/traders.ts';

const phone = { width: 390, height: 844 };
const desk = { width: 1440, height: 900 };

interface Opened {
  page: Page;
  /** What the browser said on its console: errors, and violations of the content policy. */
  said: string[];
}

/** Opens a trader's page by its link, as a person does. */
async function openPage(
  browser: Browser,
  address: string,
  link: string,
  options: BrowserContextOptions = { viewport: desk },
): Promise<Opened> {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  // The server's clock is the tests', so the browser's is, too.
  await page.clock.setFixedTime(testNow);
  await page.addInitScript(`window.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value } of list.getEntries()) shifts.push(value);
    }).observe({ type: 'layout-shift', buffered: true });`);
  await page.goto(address + link);
  await page.getByRole('button').click();
  await page.waitForURL('**/trader');
  return { page, said };
}

/** Waits until an expression is true. (Playwright's own way to wait is against the page's policy.) */
async function until(page: Page, expression: string): Promise<void> {
  for (let tries = 0; !(await page.evaluate(expression)); tries++) {
    assert.ok(tries < 100, expression);
    await page.waitForTimeout(50);
  }
}

/** Those that are in view on a phone, too. */
const inView = `[...document.querySelectorAll('.grid > *')].slice(0, 2)`;

/** The nicknames of the accounts whose figures the widgets show, in view, once all these show theirs. */
async function nicknames(page: Page): Promise<string[]> {
  await until(
    page,
    `${inView}.filter(({ answer, accountId }) => answer && answer.data.account.id === accountId).length === 2`,
  );
  return page.evaluate(
    `[...new Set(${inView}.flatMap(({ answer }) => answer?.data.account.nickname ?? []))]`,
  );
}

async function setUp(t: TestContext) {
  const server = await startTestServer(t, { now: testNow });
  const firm: TraderFirm = await traderFirm(server);
  // Two accounts of different age, the second of which is shown first.
  await server.database.write
    .updateTable('accounts')
    .set({ created_at: testNow + 1 })
    .where('id', '=', firm.two)
    .execute();
  const browser = await openBrowser(t);
  const open = async (options?: BrowserContextOptions) =>
    openPage(browser, server.address, await makeLink(firm.firm, firm.user), options);
  return { ...firm, server, browser, open };
}

test('the page shows the widgets of the chosen account, by its address; nothing shifts, and no policy is violated', async (t) => {
  const { open, one, two } = await setUp(t);
  for (const viewport of [phone, desk]) {
    const { page, said } = await open({ viewport });
    assert.deepEqual(await nicknames(page), ['Two']);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), viewport.width);
    await page.getByLabel('Account').selectOption(one);
    assert.deepEqual(await nicknames(page), ['One']);
    assert.equal(new URL(page.url()).search, `?account=${one}`);
    await page.reload();
    assert.deepEqual(await nicknames(page), ['One']);
    await page.getByLabel('Account').selectOption(two);
    assert.deepEqual(await nicknames(page), ['Two']);
    await page.goBack();
    assert.deepEqual(await nicknames(page), ['One']);
    assert.equal(await page.getByLabel('Account').inputValue(), one);
    assert.deepEqual(await page.evaluate('shifts'), []);
    assert.deepEqual(said, []);
    // Scripts can read no credential.
    assert.equal(await page.evaluate('document.cookie'), '');
    assert.doesNotMatch(await page.content(), /pte?_[\w-]{20}/);
  }
});

test('a starter firm’s page has its three widgets, and all ten of a larger one show figures', async (t) => {
  const { open, set } = await setUp(t);
  const { page } = await open();
  const all = await page
    .locator('.grid > *')
    .evaluateAll((found) => found.map((each) => each.localName));
  assert.equal(all.length, 10);
  for (const name of all) {
    await page.locator(name).scrollIntoViewIfNeeded();
    await until(page, `!!document.querySelector('${name}').answer`);
  }
  await set({ tier: 'starter' });
  await page.reload();
  assert.deepEqual(
    await page.locator('.grid > *').evaluateAll((found) => found.map((each) => each.localName)),
    ['pt-stats-card', 'pt-equity-curve', 'pt-performance-summary'],
  );
});

test('once the session has ended elsewhere, or the account is another’s, the page says so instead of breaking', async (t) => {
  const { open, firm, one, user } = await setUp(t);
  const { page } = await open();
  await nicknames(page);
  await firm.patch(`accounts/${one}`, { user_id: null });
  await page.getByLabel('Account').selectOption(one);
  await page.getByRole('heading', { name: 'This account is no longer here' }).waitFor();
  await page.getByRole('link', { name: 'Show my accounts' }).click();
  await page.waitForLoadState();
  assert.deepEqual(await nicknames(page), ['Two']);
  await firm.patch(`accounts/${one}`, { user_id: user });
  await page.reload();
  await nicknames(page);
  await firm.delete(`users/${user}/sessions`);
  // Unless a widget that is live has found out already.
  await page
    .getByLabel('Account')
    .selectOption(one, { timeout: 1_000 })
    .catch(() => {});
  const heading = page.getByRole('heading', { name: 'You’re signed out' });
  await heading.waitFor();
  assert.ok(await heading.evaluate((element) => element === document.activeElement));
  assert.equal(await page.locator('.grid').count(), 0);
  assert.match((await page.locator('main').textContent())!, /ask .*Firm \d+.* for a new link/);
  await page.reload();
  await heading.waitFor();
});

test('signing out ends the session, also for the address that was open', async (t) => {
  const { open, server } = await setUp(t);
  const { page } = await open();
  await nicknames(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You’re signed out' }).waitFor();
  assert.deepEqual(await page.context().cookies(), []);
  await page.goto(`${server.address}/trader`);
  await page.getByRole('heading', { name: 'You’re signed out' }).waitFor();
});

test('a page of another origin can neither frame the page, nor read data by its cookie, nor use a link up', async (t) => {
  const { open, server, firm, user, one } = await setUp(t);
  const site = await startSite(t);
  site.pages.set('/', '<!doctype html><iframe src="about:blank"></iframe>');
  const { page } = await open();
  await nicknames(page);
  const link = await makeLink(firm, user);
  // Another host name for the same machine: another site to the browser.
  await page.goto(site.address.replace('127.0.0.1', 'localhost'));
  const token = link.split('=')[1];
  const outcome = await page.evaluate(`(async () => {
    const data = '${server.address}/api/partner/widgets/stats-card?token=trader&account_id=${one}';
    const ask = (address, options) => fetch(address, options).then(async (response) => response.status + ' ' + (await response.json()).code, () => 'blocked');
    return [
      await ask(data, { credentials: 'include' }),
      await ask(data, { credentials: 'same-origin' }),
      await ask('${server.address}/trader', { credentials: 'include' }),
      await ask('${server.address}/trader', { method: 'DELETE', credentials: 'include' }),
      await ask('${server.address}/trader/open', { method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json' }, body: '{"token":"${token}"}' }),
      await ask('${server.address}/trader/open', { method: 'POST', mode: 'no-cors', body: '{"token":"${token}"}' }),
    ];
  })()`);
  assert.deepEqual(outcome, [
    'blocked',
    '401 missing_key',
    'blocked',
    'blocked',
    'blocked',
    'blocked',
  ]);
  await page.evaluate(`document.querySelector('iframe').src = '${server.address}/trader'`);
  await page.waitForTimeout(500);
  const framed = page.frames().find((frame) => frame !== page.mainFrame())!;
  assert.doesNotMatch(await framed.content().catch(() => ''), /Maya/);
  await page.goto(`${server.address}/trader`);
  assert.deepEqual(await nicknames(page), ['Two']);
  await page.goto(server.address + link);
  await page.getByRole('button').click();
  await page.waitForURL('**/trader');
});

test('axe finds nothing on the pages, in either theme', async (t) => {
  const { open, browser, server, firm, user } = await setUp(t);
  const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
  const problems = async (page: Page) => {
    const found = await page.evaluate(
      `${axe}; axe.run(document, { elementRef: false }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ': ' + target.flat().join(' ') + ': ' + failureSummary)))`,
    );
    assert.deepEqual(found, []);
  };
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await open({ viewport: phone, colorScheme });
    await nicknames(page);
    await problems(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You’re signed out' }).waitFor();
    await problems(page);
    const context = await browser.newContext({ colorScheme });
    const opening = await context.newPage();
    await opening.goto(server.address + (await makeLink(firm, user)));
    await problems(opening);
  }
});
