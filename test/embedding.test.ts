import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, type Site, startSite } from './support/browser.ts';
import { makePartner, type TestPartner, tradesOf } from './support/partner.ts';
import { startTestServer, type TestServer } from './support/server.ts';

interface Scene {
  server: TestServer;
  partner: TestPartner;
  account: string;
  browser: Browser;
  /** The sites of two firms: the origin of the first is allowed, that of the other is not. */
  allowed: Site;
  other: Site;
}

async function setScene(t: TestContext): Promise<Scene> {
  // Widgets compare a token's expiry with the browser's clock, so the server starts with the same one.
  const now = Date.now();
  const server = await startTestServer(t, { now });
  const partner = await makePartner(server.database, 'enterprise');
  const account = await partner.newAccount();
  await partner.addTrades(account, tradesOf([1234.56, -234.5], now));
  const [allowed, other] = [await startSite(t), await startSite(t)];
  await partner.set({ allowed_origins: allowed.address });
  return { server, partner, account, allowed, other, browser: await openBrowser(t) };
}

/** `POST /embed-tokens`, as the back end of a firm does. */
async function makeToken({ server, partner, account }: Scene, lifetime = 600) {
  const response = await fetch(`${server.address}/api/partner/embed-tokens`, {
    method: 'POST',
    headers: { 'X-API-Key': partner.key, 'Content-Type': 'application/json' },
    body: JSON.stringify({ account_id: account, expires_in: lifetime }),
  });
  return (await response.json()) as { token: string };
}

function framePage({ server }: Scene, query: string): string {
  return `<!doctype html><html lang="en"><title>Firm</title><iframe src="${server.address}/embed/partner/stats-card?${query}" width="400" height="280"></iframe>`;
}

function elementPage({ server }: Scene, attributes: string, script = ''): string {
  return `<!doctype html><html lang="en"><title>Firm</title><script type="module" src="${server.address}/widgets.js"></script><pt-stats-card ${attributes}></pt-stats-card><script>${script}</script>`;
}

async function openPage({ browser }: Scene, site: Site, path: string, html: string): Promise<Page> {
  site.pages.set(path, html);
  const page = await browser.newPage();
  await page.goto(site.address + path);
  return page;
}

/** Waits until the widget of a page shows the expected text. */
async function read(page: Page, expected: RegExp): Promise<void> {
  const frame = page.frames().find((one) => one.url().includes('/embed/partner/'));
  const card = (frame ?? page).locator('pt-stats-card [part=card]');
  for (let tries = 0; ; tries++) {
    const seen = (await card.textContent({ timeout: 1_000 }).catch(() => '')) ?? '';
    if (expected.test(seen)) return;
    if (tries > 50) assert.match(seen, expected);
    await page.waitForTimeout(100);
  }
}

test('a frame with a token shows figures on a page of an allowed origin, and none on a page of another', async (t) => {
  const scene = await setScene(t);
  const { token } = await makeToken(scene);
  const html = framePage(scene, `token=${token}`);
  await read(await openPage(scene, scene.allowed, '/frame', html), /\+\$1,000\.06/);

  const refused = await openPage(scene, scene.other, '/frame', html);
  await read(refused, /This site isn’t allowed/);
  assert.ok(!(await refused.frames()[1]!.content()).includes('1,000.06'));

  // A page that sends no referrer can't be refused by the server: the browser blocks the frame.
  const hiding = `<meta name="referrer" content="no-referrer">${html}`;
  const hidden = await openPage(scene, scene.other, '/hidden', hiding);
  await hidden.waitForTimeout(500);
  for (const frame of hidden.frames()) {
    assert.ok(!(await frame.content().catch(() => '')).includes('1,000.06'));
  }
  await read(await openPage(scene, scene.allowed, '/hiding', hiding), /\+\$1,000\.06/);
});

test('an element with a token shows figures on a page of an allowed origin, and elsewhere says that the site is not allowed', async (t) => {
  const scene = await setScene(t);
  const { token } = await makeToken(scene);
  const html = elementPage(scene, `token="${token}"`);
  await read(await openPage(scene, scene.allowed, '/element', html), /\+\$1,000\.06/);
  await read(await openPage(scene, scene.other, '/element', html), /This site isn’t allowed/);
});

test('an element fetches its token from the firm’s own back end, and a new one when the server has refused it as expired', async (t) => {
  const scene = await setScene(t);
  let made = 0;
  scene.allowed.answers.set('/token', async () => {
    made++;
    return makeToken(scene, 600);
  });
  const script =
    "document.querySelector('pt-stats-card').token = () => fetch('/token').then((answer) => answer.json())";
  const page = await openPage(scene, scene.allowed, '/fetched', elementPage(scene, '', script));
  await read(page, /\+\$1,000\.06/);
  assert.equal(made, 1);
  const reload = () =>
    page.evaluate("document.querySelector('pt-stats-card').reload()") as Promise<void>;
  await reload();
  assert.equal(made, 1);
  // The token has expired by the server's clock, which counts, but not by the browser's.
  scene.server.clock.now += 601_000;
  await reload();
  await read(page, /\+\$1,000\.06/);
  assert.equal(made, 2);
});

test('a revoked token is refused at the next request, and the widget asks the visitor to reload the page', async (t) => {
  const scene = await setScene(t);
  const { token } = await makeToken(scene);
  const html = elementPage(scene, `token="${token}"`);
  const page = await openPage(scene, scene.allowed, '/revoked', html);
  await read(page, /\+\$1,000\.06/);
  await fetch(`${scene.server.address}/api/partner/embed-tokens`, {
    method: 'DELETE',
    headers: { 'X-API-Key': scene.partner.key },
  });
  await page.evaluate("document.querySelector('pt-stats-card').reload()");
  await read(page, /Reload the page/);
});

test('a sign-in link opened in another browser than the one that requested it signs in by a button, and only once', async (t) => {
  const { server, partner, browser } = await setScene(t);
  await fetch(`${server.address}/api/partner/auth/magic-link`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: partner.email }),
  });
  await server.tick();
  const [link] = /http\S+/.exec(server.mails.at(-1)!.text)!;
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(link);
  assert.equal((await page.context().cookies()).length, 0);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/api/partner/dashboard');
  const [cookie] = await page.context().cookies();
  assert.deepEqual([cookie?.name, cookie?.httpOnly, cookie?.sameSite], ['pt_session', true, 'Lax']);
  assert.match((await page.locator('body').textContent())!, new RegExp(partner.id));
  await page.goto(link);
  await page.getByText('A sign-in link works once').waitFor();
  // The page does nothing that its own policy forbids. The browser logs the last answer, a 400.
  assert.deepEqual(
    complaints.filter((text) => !text.includes('400')),
    [],
  );
});

test('an element shows figures on a page whose monitoring adds headers to each fetch', async (t) => {
  const scene = await setScene(t);
  const { token } = await makeToken(scene);
  const added = [
    'traceparent',
    'tracestate',
    'baggage',
    'sentry-trace',
    'x-datadog-trace-id',
    'x-vendor',
  ];
  const monitoring = `<script>const send = window.fetch; window.fetch = (to, options = {}) => { const headers = new Headers(options.headers); for (const name of ${JSON.stringify(added)}) headers.set(name, '1'); return send(to, { ...options, headers }); };</script>`;
  const html = elementPage(scene, `token="${token}"`);
  const page = await openPage(scene, scene.allowed, '/monitored', monitoring + html);
  await read(page, /1,000\.06/);
});

test('frames whose height embed.js sets log nothing on the page, even when they load lazily', async (t) => {
  const { server, allowed, browser, partner } = await setScene(t);
  const frame = (name: string, attributes: string) =>
    `<iframe ${attributes} src="${server.address}/embed/partner/${name}?key=${partner.key}" title="Figures" width="600" height="100"></iframe>`;
  allowed.pages.set(
    '/follows',
    `<!doctype html><html lang="en"><link rel="icon" href="data:,"><script src="${server.address}/embed.js" async></script>
${frame('stats-card', '')}<div style="height: 9000px"></div>${frame('leaderboard', 'loading="lazy"')}`,
  );
  const page = await browser.newPage();
  const logged: string[] = [];
  page.on('console', (message) => logged.push(message.text()));
  page.on('pageerror', (error) => logged.push(error.message));
  await page.goto(`${allowed.address}/follows`);
  const isFollowed = (index: number) =>
    page.waitForFunction(
      (at) => (document.querySelectorAll('iframe')[at as number] as HTMLElement).offsetHeight > 104,
      index,
    );
  await isFollowed(0);
  await page.locator('iframe').last().scrollIntoViewIfNeeded();
  await isFollowed(1);
  assert.deepEqual(logged, []);
});
