import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { second } from '../shared/time.ts';
import { widgetNames } from '../shared/widgets.ts';
import { api } from './support/api.ts';
import { openBrowser, startSite } from './support/browser.ts';
import { makePartner, tradesOf } from './support/partner.ts';
import { startTestServer } from './support/server.ts';

async function start(t: TestContext) {
  const server = await startTestServer(t, { now: Date.now() });
  const firm = await makePartner(server.database, 'enterprise');
  const account = await firm.newAccount();
  await firm.addTrades(account, tradesOf([1_234.56, -234.5, 20], server.clock.now));
  const key = await firm.newKey(['embed:read']);
  const site = await startSite(t);
  const browser = await openBrowser(t);
  const context = await browser.newContext({ viewport: { width: 1_300, height: 1_700 } });
  /** The requests of pages to the server, by path. */
  const asked: URL[] = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname.startsWith('/api/partner/')) asked.push(url);
  });
  const streams = () => asked.filter(({ pathname }) => pathname.endsWith('/stream')).length;
  const open = async (html: string) => {
    site.pages.set('/', `<!doctype html><html lang="en"><title>Firm</title>${html}`);
    const page = await context.newPage();
    await page.goto(site.address);
    return page;
  };
  const trade = async (pnl: number) => {
    server.clock.now += second;
    const { now } = server.clock;
    const { status } = await api(server, firm.key).post('trades', {
      ...{ account_id: account, symbol: 'NQ', direction: 'long', quantity: 1 },
      ...{ entry_price: 5_000, exit_price: 5_001, entry_time: now - second, exit_time: now, pnl },
    });
    assert.equal(status, 201);
  };
  const frame = (widget: string, query = '', attributes = '') =>
    `<iframe src="${server.address}/embed/partner/${widget}?key=${key}&account_id=${account}${query}" width="400" height="420" ${attributes}></iframe>`;
  const elements = (html: string, address = server.address) =>
    `<script type="module" src="${address}/widgets.js" data-key="${key}"></script>${html}`;
  return { server, firm, account, key, asked, streams, open, trade, frame, elements };
}

/** A line to a server. Cut, what is open on it breaks; what is opened later is not affected. */
async function startLine(t: TestContext, server: string) {
  const open = new Set<Socket>();
  const line = createServer((socket) => {
    const onward = connect(Number(new URL(server).port), '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => {}).on('close', () => other.destroy());
    }
  });
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    line.close();
    cut();
  });
  return { address: `http://127.0.0.1:${(line.address() as AddressInfo).port}`, cut };
}

/** Waits until every widget of a page, in frames or not, shows what is expected. */
async function read(page: Page, expected: RegExp, count = 1): Promise<void> {
  for (let tries = 0; ; tries++) {
    const texts = (
      await Promise.all(
        page
          .frames()
          .map((frame) =>
            frame
              .evaluate(() =>
                [...document.querySelectorAll('*')]
                  .filter((element) => element.localName.startsWith('pt-'))
                  .map((element) => element.shadowRoot?.textContent ?? ''),
              )
              .catch(() => []),
          ),
      )
    ).flat();
    if (texts.filter((text) => expected.test(text)).length >= count) return;
    assert.ok(tries < 100, `${expected} in ${JSON.stringify(texts)}`);
    await sleep(100);
  }
}

const isLive = /Live/;

test('eleven live frames share one stream, still load, and show a trade that is posted, without using up the day', async (t) => {
  const { server, asked, streams, open, trade, frame, key } = await start(t);
  const page = await open(widgetNames.map((name) => frame(name, '&live=on')).join(''));
  await read(page, isLive, widgetNames.length);
  // Until each has asked for what happened before.
  await sleep(2_500);
  const remaining = async () =>
    Number(
      (await server.get(`/api/partner/widgets/stats-card?api_key=${key}`)).headers.get(
        'x-ratelimit-remaining',
      ),
    );
  const before = await remaining();
  asked.length = 0;
  await trade(777);
  await read(page, /\$1,797\.06|777|1\.8K/, widgetNames.length - 3);
  await sleep(500);
  assert.equal(streams(), 0);
  assert.equal(asked.length, widgetNames.length);
  assert.equal(await remaining(), before - 1);
});

test('the elements of two pages share one stream, which another page goes on with when one is closed', async (t) => {
  const { account, streams, open, trade, elements } = await start(t);
  const html = elements(`<pt-stats-card account-id="${account}" live></pt-stats-card>`);
  const first = await open(html);
  await read(first, isLive);
  const second = await open(html);
  await read(second, isLive);
  assert.equal(streams(), 1);
  await first.close();
  await trade(777);
  await read(second, /\$1,797\.06/);
  assert.equal(streams(), 2);
});

test('recent trades are live by themselves, and say when the connection is lost and there again', async (t) => {
  const { server, account, open, trade, elements } = await start(t);
  const line = await startLine(t, server.address);
  const html = `<pt-recent-trades account-id="${account}"></pt-recent-trades>`;
  const page = await open(elements(html, line.address));
  await read(page, isLive);
  await trade(777);
  await read(page, /\+\$777\.00/);
  line.cut();
  await read(page, /Reconnecting/);
  await trade(888);
  await read(page, isLive);
  await read(page, /\+\$888\.00/);
});

test('a widget asks at most once in two seconds, and shows the last of many trades', async (t) => {
  const { account, asked, open, trade, elements } = await start(t);
  const page = await open(elements(`<pt-stats-card account-id="${account}" live></pt-stats-card>`));
  await read(page, isLive);
  await sleep(2_500);
  asked.length = 0;
  const begun = performance.now();
  for (let count = 0; count < 10; count++) {
    await trade(1);
    await sleep(150);
  }
  await read(page, /\$1,030\.06/);
  const most = 1 + Math.ceil((performance.now() - begun) / 2_000);
  assert.ok(asked.length <= most, `${asked.length} of ${most}`);
});

test('where it can’t follow, a widget goes on with refresh and says of when it is: in a sandboxed frame, or with a second key', async (t) => {
  const { firm, account, streams, open, frame, elements } = await start(t);
  const sandboxed = await open(frame('recent-trades', '', 'sandbox="allow-scripts"'));
  await read(sandboxed, /As of \d/);
  assert.equal(streams(), 0);
  const other = await firm.newKey(['embed:read']);
  const two = await open(
    elements(
      `<pt-stats-card account-id="${account}" live></pt-stats-card><pt-win-streak account-id="${account}" api-key="${other}" live></pt-win-streak>`,
    ),
  );
  await read(two, /Overview.*Live/);
  await read(two, /Streak.*As of \d/);
  assert.equal(streams(), 1);
});

test('figures count to their new values, and don’t where motion is not welcome', async (t) => {
  const { account, open, trade, elements } = await start(t);
  const page = await open(elements(`<pt-stats-card account-id="${account}" live></pt-stats-card>`));
  await read(page, isLive);
  const texts = async (pnl: number, expected: RegExp) => {
    await page.evaluate(() => {
      const { shadowRoot } = document.querySelector('pt-stats-card')!;
      const seen: Set<string> = new Set();
      Object.assign(globalThis, { seen });
      new MutationObserver(() => {
        seen.add(shadowRoot!.querySelector('.hero')!.textContent!);
      }).observe(shadowRoot!, { subtree: true, childList: true, characterData: true });
    });
    await trade(pnl);
    await read(page, expected);
    await sleep(400);
    return page.evaluate(() => (globalThis as unknown as { seen: Set<string> }).seen.size);
  };
  assert.ok((await texts(777, /\$1,797\.06/)) > 3);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  assert.ok((await texts(3, /\$1,800\.06/)) <= 1);
});

test('another credential for the page is followed in place of the first', async (t) => {
  const { server, firm, account, key, asked, open, trade } = await start(t);
  const other = await firm.newKey(['embed:read']);
  const page = await open(
    `<script type="module">
      import { setCredential } from '${server.address}/widgets.js';
      const follow = (key) => setCredential({ base: '${server.address}', key });
      follow('${key}');
      document.addEventListener('change-key', () => follow('${other}'));
    </script><pt-stats-card account-id="${account}" live></pt-stats-card>`,
  );
  await read(page, isLive);
  const held = () =>
    page.evaluate(async () => (await navigator.locks.query()).held!.map(({ name }) => name));
  const before = await held();
  assert.equal(before.length, 2);
  await page.evaluate(() => document.dispatchEvent(new Event('change-key')));
  await read(page, isLive);
  await trade(777);
  await read(page, /\$1,797\.06/);
  assert.ok(asked.some(({ href }) => href.includes('/stream?') && href.includes(other)));
  const after = await held();
  assert.equal(after.length, 2);
  assert.notDeepEqual(after.toSorted(), before.toSorted());
});

test('a token function that gives a refused token again is not called again and again', async (t) => {
  const { server, account, asked, open } = await start(t);
  await open(
    `<script type="module">
      import { setCredential } from '${server.address}/widgets.js';
      setCredential({ base: '${server.address}', token: () => 'pte_made.up' });
    </script><pt-stats-card account-id="${account}" live></pt-stats-card>`,
  );
  await sleep(3_000);
  assert.ok(asked.length > 0 && asked.length < 8, `${asked.length}`);
});
