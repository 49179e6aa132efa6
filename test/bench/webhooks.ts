import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { payload } from '../../server/events/payload.ts';
import { newWebhookSecret, signedHeaders } from '../../server/events/signing.ts';
import { openDatabase } from '../../server/store/database.ts';
import { api } from '../support/api.ts';
import { raise, someEvents } from '../support/events.ts';
import { makePartner, type TestPartner } from '../support/partner.ts';
import { seededRandom, testNow } from '../support/server.ts';
import { type Child, startChild, withChildren } from './child.ts';
import type { BarePosts } from './children/bare-posts.ts';
import { atLeast, atMost, type Figure, median, progress } from './figure.ts';
import { withFolder } from './folder.ts';

const events = 5_000;
const rounds = 3;
const singles = 300;
const webhooksOfPartner = 5;

/** Compares deliveries with bare posts of the same bytes, and measures how soon an event arrives. */
export function measureWebhooks(): Promise<Figure[]> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'webhooks.db');
    const database = await openDatabase(file);
    const partners = [await makePartner(database), await makePartner(database)];
    const account = await partners[0]!.newAccount();
    try {
      return await withChildren(
        {
          served: startChild('served.ts', [file]),
          receiver: startChild('receiver.ts'),
          bare: startChild('bare-posts.ts'),
        },
        async (children) => {
          const address = await children.served.ask<string>('address');
          const url = await children.receiver.ask<string>('address');
          const subscribe = (partner: TestPartner, name: string) =>
            api({ address }, partner.key).post('webhooks', { url: `${url}/${name}` });
          const happen = (partner: TestPartner) =>
            raise(database, partner.id, someEvents(events), testNow);
          await subscribe(partners[0]!, 'hook-1');
          const soon = await measureLatency(children, { address }, partners[0]!, account);
          const one = await compare(children, [`${url}/hook-1`], () => happen(partners[0]!));
          for (let number = 2; number <= 2 * webhooksOfPartner; number++)
            await subscribe(partners[number > webhooksOfPartner ? 1 : 0]!, `hook-${number}`);
          const urls = Array.from({ length: 10 }, (_, index) => `${url}/hook-${index + 1}`);
          const ten = await compare(children, urls, () => Promise.all(partners.map(happen)));
          return [
            atLeast('Events/s to one webhook against bare posts', one.ratio, 0.3, one.details),
            atLeast('Events/s to ten webhooks against bare posts', ten.ratio, 0.3, ten.details),
            soon,
          ];
        },
      );
    } finally {
      await database.close();
    }
  });
}

type Children = Record<'served' | 'receiver' | 'bare', Child>;

async function compare(
  { receiver, bare }: Children,
  urls: string[],
  happen: () => Promise<unknown>,
): Promise<{ ratio: number; details: string }> {
  progress(`webhooks: ${events} events to ${urls.length}, ${rounds} rounds`);
  const count = events * urls.length;
  const rate = async (begin: () => Promise<unknown>) => {
    await receiver.ask('expect', count);
    await begin();
    const arrivals = await receiver.ask<number[]>('arrivals');
    return (1_000 * count) / (arrivals.at(-1)! - arrivals[0]!);
  };
  const own: number[] = [];
  const other: number[] = [];
  for (let round = 0; round < rounds; round++) {
    own.push(await rate(happen));
    other.push(await rate(() => bare.ask('post', barePosts(urls))));
  }
  const ratio = median(own.map((value, index) => value / other[index]!));
  const details = ` (${median(own).toFixed(0)} against ${median(other).toFixed(0)})`;
  return { ratio, details };
}

/** Posts with the bytes of a delivery. */
function barePosts(urls: string[]): BarePosts {
  const body = payload('trade.created', testNow, JSON.stringify({ number: events }));
  const secret = newWebhookSecret(seededRandom('webhooks'));
  const message = { id: `evt_${'0'.repeat(20)}`, event: 'trade.created', body, secret };
  return {
    urls,
    count: events,
    body,
    headers: signedHeaders({ ...message, oldSecret: null }, testNow),
  };
}

/** How long after the answer to a trade its event has arrived. */
async function measureLatency(
  { receiver }: Children,
  server: { address: string },
  partner: TestPartner,
  account: string,
): Promise<Figure> {
  progress(`webhooks: ${singles} trades, one by one`);
  const { post } = api(server, partner.key);
  const waits: number[] = [];
  for (let number = 0; number < singles; number++) {
    await receiver.ask('expect', 1);
    const trade = {
      ...{ account_id: account, symbol: 'ES', direction: 'long', quantity: 1, pnl: 1 },
      ...{ entry_price: 1, exit_price: 1, entry_time: testNow - 2, exit_time: testNow - 1 },
    };
    await post('trades', trade);
    const answered = performance.timeOrigin + performance.now();
    const [arrived] = await receiver.ask<number[]>('arrivals');
    waits.push(arrived! - answered);
    await sleep(10 + (number % 7) * 5);
  }
  waits.sort((a, b) => a - b);
  const at = (share: number) => waits[Math.floor(share * singles)]!;
  const details = ` (p50 ${at(0.5).toFixed(0)})`;
  return atMost('From a trade’s answer to its arrival, p95', at(0.95), 100, {
    ...{ unit: ' ms', digits: 0, details },
  });
}
