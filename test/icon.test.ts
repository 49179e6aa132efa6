import assert from 'node:assert/strict';
import test from 'node:test';
import { openBrowser } from './support/browser.ts';
import { makePartner } from './support/partner.ts';
import { startTestServer } from './support/server.ts';
import { auth, Browser, mailedLink } from './support/session.ts';

test('a page that is opened on its own may load the icon that browsers request, on http too', async (t) => {
  const server = await startTestServer(t);
  const { key, email } = await makePartner(server.database);
  const icon = await server.get('/favicon.ico');
  assert.equal(icon.status, 200);
  assert.equal(icon.headers.get('content-type'), 'image/x-icon');
  const browser = await openBrowser(t);
  for (const address of [
    '/builder',
    `/embed/partner/stats-card?key=${key}`,
    '/embed/partner/stats-card',
    await mailedLink(server, new Browser(server), email),
    `${auth}/verify?token=none`,
  ]) {
    const page = await browser.newPage();
    await page.goto(server.address + address);
    const isLoaded = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const image = new Image();
          image.onload = () => resolve(true);
          image.onerror = () => resolve(false);
          image.src = '/favicon.ico';
        }),
    );
    assert.ok(isLoaded, address);
    await page.close();
  }
});
