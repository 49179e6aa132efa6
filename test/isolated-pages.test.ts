import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { widgetNames } from '../shared/widgets.ts';
import { openBrowser, startSite } from './support/browser.ts';
import { startLogoHost } from './support/logo-host.ts';
import { makePartner, tradesOf } from './support/partner.ts';
import { startTestServer } from './support/server.ts';

async function setScene(t: TestContext) {
  const now = Date.now();
  const server = await startTestServer(t, { now });
  const partner = await makePartner(server.database, 'enterprise');
  const account = await partner.newAccount();
  await partner.addTrades(account, tradesOf([1234.56, -234.5], now));
  const site = await startSite(t);
  const browser = await openBrowser(t);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const open = async (html: string) => {
    site.pages.set('/', `<!doctype html><html lang="en"><title>Firm</title>${html}`);
    const page = await context.newPage();
    await page.goto(site.address);
    return page;
  };
  const query = `key=${partner.key}&account_id=${account}`;
  return { server, partner, site, context, query, open };
}

type Scene = Awaited<ReturnType<typeof setScene>>;

const frameOf = ({ server, query }: Scene, name: string, attributes = '') =>
  `<iframe src="${server.address}/embed/partner/${name}?${query}" ${attributes} width="400" height="400"></iframe>`;

/** The frames of a page, once the script of each has drawn its widget. */
async function shells(page: Page): Promise<Frame[]> {
  const frames = page.frames().slice(1);
  for (const frame of frames)
    for (let tries = 0; ; tries++) {
      const isAlive = await frame.evaluate('document.body.firstElementChild?.hasUpdated ?? false');
      if (isAlive) break;
      assert.ok(tries < 100, `${frame.url()} doesn’t come alive`);
      await page.waitForTimeout(100);
    }
  return frames;
}

for (const policy of ['require-corp', 'credentialless'])
  test(`a page isolated by ${policy} shows elements and all frames, refused ones included`, async (t) => {
    const scene = await setScene(t);
    scene.site.headers['Cross-Origin-Embedder-Policy'] = policy;
    scene.site.headers['Cross-Origin-Opener-Policy'] = 'same-origin';
    const { address } = scene.server;
    const page = await scene.open(
      `<link rel="stylesheet" href="${address}/widgets.css"><script src="${address}/embed.js" async></script>
<script type="module" src="${address}/widgets.js" data-key="${scene.partner.key}"></script><pt-stats-card></pt-stats-card>
${widgetNames.map((name) => frameOf(scene, name)).join('')}
<iframe src="${address}/embed/partner/stats-card"></iframe>
<iframe src="${address}/embed/partner/stats-card?key=${scene.partner.key}&account_id=none"></iframe>`,
    );
    assert.equal(await page.evaluate('crossOriginIsolated'), true);
    assert.ok(await page.evaluate("document.querySelector('link').sheet !== null"));
    await page.waitForFunction("document.querySelector('pt-stats-card').answer");
    const shown = page.frames().slice(1);
    assert.equal(shown.length, widgetNames.length + 2);
    for (const frame of shown) {
      const card = frame.locator('[part=card]');
      const isRefused = !frame.url().includes(scene.query);
      const text = isRefused ? /A key is missing|wasn’t found/ : /\d/;
      assert.match((await card.textContent())!, text, frame.url());
    }
  });

test('a logo from another origin is shown in a frame of an isolated page', async (t) => {
  const scene = await setScene(t);
  await scene.partner.set({ logo_url: await startLogoHost(t), company_name: 'Summit' });
  scene.site.headers['Cross-Origin-Embedder-Policy'] = 'require-corp';
  const [shell] = await shells(await scene.open(frameOf(scene, 'stats-card')));
  const logo = shell!.locator('footer img');
  await logo.waitFor();
  const width = () => logo.evaluate((image) => (image as HTMLImageElement).naturalWidth);
  for (let tries = 0; (await width()) === 0 && tries < 50; tries++)
    await shell!.waitForTimeout(100);
  assert.equal(await width(), 40);
});

test('where a logo is blocked, the company name takes its place', async (t) => {
  const scene = await setScene(t);
  const host = new URL(await startLogoHost(t));
  await scene.partner.set({ logo_url: host.href, company_name: 'Summit' });
  scene.context.route(host.href, (route) => route.abort('blockedbyresponse'));
  const [shell] = await shells(await scene.open(frameOf(scene, 'stats-card')));
  const footer = shell!.locator('footer');
  assert.match((await footer.textContent())!, /Summit/);
  await footer.locator('img').waitFor({ state: 'hidden' });
  const left = async (selector: string) => (await footer.locator(selector).boundingBox())!.x;
  assert.equal(await left('bdi'), await left('.partner'));
});

test('a shell’s Cross-Origin-Embedder-Policy is credentialless where its theme has a logo, else require-corp', async (t) => {
  const { server, partner, query } = await setScene(t);
  const policyOf = async (more: string) =>
    (await server.get(`/embed/partner/stats-card?${query}${more}`)).headers.get(
      'cross-origin-embedder-policy',
    );
  assert.equal(await policyOf(''), 'require-corp');
  assert.equal(await policyOf('&key=pt_wrong'), 'require-corp');
  await partner.set({ logo_url_light: 'https://logo.example/light.svg' });
  assert.equal(await policyOf('&theme=light'), 'credentialless');
  assert.equal(await policyOf('&theme=auto'), 'credentialless');
  assert.equal(await policyOf('&theme=dark'), 'require-corp');
});

test('a frame with a sandbox that allows scripts becomes live and can reload its figures', async (t) => {
  const scene = await setScene(t);
  const frame = frameOf(scene, 'stats-card', 'sandbox="allow-scripts"');
  const [shell] = await shells(await scene.open(frame));
  const asked = (await shell!.evaluate(
    `new Promise((done) => {
      const { firstElementChild: element } = document.body;
      element.addEventListener('pt-load', ({ detail }) => done(detail.widget));
      element.addEventListener('pt-error', ({ detail }) => done(detail.code));
      element.reload();
    })`,
  )) as string;
  assert.equal(asked, 'stats-card');
});

test('with allowed origins, a sandboxed frame without allow-same-origin shows its first figures and can’t reload them', async (t) => {
  const scene = await setScene(t);
  await scene.partner.set({ allowed_origins: scene.site.address });
  const page = await scene.open(
    frameOf(scene, 'stats-card', 'sandbox="allow-scripts"') +
      frameOf(scene, 'win-streak', 'sandbox="allow-scripts allow-same-origin"'),
  );
  const [alone, same] = await shells(page);
  const reload = 'document.body.firstElementChild.reload()';
  assert.match((await alone!.locator('[part=card]').textContent())!, /1,000\.06/);
  await alone!.evaluate(reload);
  await same!.evaluate(reload);
  await alone!.getByText('This site isn’t allowed').waitFor();
  assert.doesNotMatch((await same!.locator('[part=card]').textContent())!, /isn’t allowed/);
});
