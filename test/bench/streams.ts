import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openDatabase } from '../../server/store/database.ts';
import { minute } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { openBrowser } from '../support/browser.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { type Child, startChild, withChildren } from './child.ts';
import { atMost, type Figure, progress } from './figure.ts';
import { withFolder } from './folder.ts';

const streams = 1_000;
const trades = 40;
/** A widget asks at most once in two seconds. */
const pause = 2_300;

/** Measures what open streams take, and how soon a live widget shows a trade that was posted. */
export function measureStreams(): Promise<Figure[]> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'streams.db');
    const database = await openDatabase(file);
    const firm = await makePartner(database, 'enterprise');
    const account = await firm.newAccount();
    await firm.addTrades(account, tradesOf([100, -50], Date.now()));
    const key = await firm.newKey(['embed:read']);
    await database.close();
    return withChildren({ served: startChild('served.ts', [file]) }, async ({ served }) => {
      const address = await served.ask<string>('address');
      const post = async (pnl: number) => {
        const now = Date.now();
        const { status } = await api({ address }, firm.key).post('trades', {
          ...{ account_id: account, symbol: 'NQ', direction: 'long', quantity: 1 },
          ...{ entry_price: 5_000, exit_price: 5_001, entry_time: now - minute, exit_time: now },
          pnl,
        });
        if (status !== 201) throw new Error(`A trade was answered with ${status}`);
      };
      // What a server takes once it has written.
      await post(1);
      const repainted = await measureRepaint(
        `${address}/embed/partner/stats-card?key=${key}&account_id=${account}&live=on`,
        post,
      );
      return [
        repainted,
        await measureMemory(served, `${address}/api/partner/stream?api_key=${key}`),
      ];
    });
  });
}

async function measureRepaint(
  address: string,
  post: (pnl: number) => Promise<void>,
): Promise<Figure> {
  progress(`streams: ${trades} trades, shown by a live widget`);
  const closings: (() => unknown)[] = [];
  const browser = await openBrowser({ after: (close) => closings.push(close as () => unknown) });
  const times: number[] = [];
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.waitForSelector('.status[data-state=live]');
    let total = 51;
    for (let count = 0; count < trades; count++) {
      await sleep(pause);
      total += 1_000;
      const painted = paintedWith(
        page,
        `${Math.floor(total / 1_000)},${String(total % 1_000).padStart(3, '0')}.00`,
      );
      const begun = Date.now();
      await post(1_000);
      times.push((await painted) - begun);
    }
  } finally {
    for (const close of closings) await close();
  }
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.ceil(share * times.length) - 1]!;
  return atMost('A trade posted to the widget repainted, p95, ms', at(0.95), 300, {
    details: ` (p50 ${at(0.5)})`,
  });
}

/** When the page has painted a figure, in epoch ms. */
function paintedWith(page: Page, figure: string): Promise<number> {
  return page.evaluate(
    (text) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const card = document.body.firstElementChild!.shadowRoot!;
          if (!card.querySelector('.hero')!.textContent!.includes(text))
            requestAnimationFrame(look);
          else requestAnimationFrame(() => setTimeout(() => resolve(Date.now())));
        };
        look();
      }),
    figure,
  );
}

async function measureMemory(served: Child, address: string): Promise<Figure> {
  progress(`streams: ${streams} open ones`);
  await sleep(2_000);
  const before = await served.ask<number>('memory');
  const open: http.ClientRequest[] = [];
  for (let count = 0; count < streams; count++) open.push(await begin(address));
  await sleep(2_000);
  const added = ((await served.ask<number>('memory')) - before) / 1024 ** 2;
  for (const request of open) request.destroy();
  return atMost(`Memory of ${streams} streams, MiB`, added, 30, {});
}

/** Opens a stream on a connection of its own. */
function begin(address: string): Promise<http.ClientRequest> {
  return new Promise((resolve, reject) => {
    const request = http.get(address, { agent: false }, (response) => {
      response.once('data', () => resolve(request));
      response.on('error', () => {});
    });
    request.on('error', reject);
  });
}
