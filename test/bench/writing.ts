import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../server/store/database.ts';
import { minute } from '../../shared/time.ts';
import { makePartner } from '../support/partner.ts';
import { startChild, withChildren } from './child.ts';
import type { Sent, SentObservation } from './children/bare-writes.ts';
import { atLeast, atMost, type Figure, median, progress, unbounded } from './figure.ts';
import { withFolder } from './folder.ts';
import { lastDay, type MadeTrade, madeRows, makeTrade } from './trades.ts';

const known = 100_000;
const batch = 1_000;
const batches = 20;
const single = 1_000;

/**
 * Compares trades sent by the API with the same rows inserted by bare Koa: in batches, and one by
 * one into an account with many trades, where they are also changed and deleted; and observations
 * with upserts of the same.
 */
export function measureWriting(): Promise<Figure[]> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'writing.db');
    progress(`writing: filling an account with ${known} trades`);
    const firm = await fill(file);
    const bare = path.join(folder, 'bare.db');
    copyFileSync(file, bare);
    return withChildren(
      {
        served: startChild('served.ts', [file]),
        bare: startChild('bare-writes.ts', [bare, firm.partnerId, firm.accounts[0]!]),
      },
      async ({ served, bare }) => {
        const address = await served.ask<string>('address');
        const own = caller(`${address}/api/partner/trades`, firm.key);
        const observe = caller(`${address}/api/partner/observations`, firm.key);
        const other = caller(await bare.ask<string>('address'), firm.key);
        const health = new Pings(`${address}/health`);
        return [
          ...(await measureObserving(observe, other, firm.observed)),
          ...(await measureBatches(own, other, firm.accounts)),
          ...(await measureSingle(own, other, firm.accounts[0]!, health)),
        ];
      },
    );
  });
}

interface WritingFirm {
  partnerId: string;
  key: string;
  accounts: string[];
  /** Accounts that are observed. */
  observed: string[];
}

async function fill(file: string): Promise<WritingFirm> {
  const database = await openDatabase(file);
  const partner = await makePartner(database, 'enterprise');
  const accounts: string[] = [];
  while (accounts.length < 5) accounts.push(await partner.newAccount());
  const observed: string[] = [];
  while (observed.length < 100) observed.push(await partner.newAccount());
  await partner.addTrades(accounts[0]!, [...madeRows(known)]);
  database.handle.pragma('wal_checkpoint(truncate)');
  await database.close();
  return { partnerId: partner.id, key: partner.key, accounts, observed };
}

type Send = (method: string, body: unknown, rest?: string) => Promise<void>;

function caller(url: string, key: string): Send {
  return async (method, body, rest = '') => {
    const response = await fetch(url + rest, {
      method,
      headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${rest}: ${response.status} ${text}`);
  };
}

let made = known;

/** The trade at a place of a day, by default of today. */
function next(account: string, day = lastDay, place = made % batch): Sent {
  const { id, ...trade }: MadeTrade = makeTrade(made, day, place, batch);
  made++;
  return { ...trade, external_id: id, account_id: account };
}

/** Batches as a firm sends them: each has the trades of several accounts on a day, in their order. */
async function measureBatches(own: Send, other: Send, accounts: string[]): Promise<Figure[]> {
  progress(`writing: ${batches} batches of ${batch} trades`);
  const what = 'Trades/s by POST /trades in batches of 1,000 against bare inserts';
  return compareBatches(what, 0.2, own, other, (round) => {
    const day = lastDay - batches + round;
    const trades = Array.from({ length: batch }, (_, place) =>
      next(accounts[place % accounts.length]!, day, place),
    );
    return { trades };
  });
}

/** Each batch has ten observations of each account, of a minute. */
async function measureObserving(own: Send, other: Send, accounts: string[]): Promise<Figure[]> {
  progress(`writing: ${batches} batches of ${batch} observations`);
  const what = 'Observations/s by POST /observations in batches of 1,000 against bare upserts';
  const start = Date.now() - batches * minute;
  return compareBatches(what, 0.4, own, other, (round) => {
    const observations = Array.from({ length: batch }, (_, place): SentObservation => {
      const time = start + round * minute + Math.floor(place / accounts.length) * 6_000;
      const equity = 50_000 + ((place * 7919 + round * 104_729) % 200_000) / 100;
      return { account_id: accounts[place % accounts.length]!, time, balance: 50_000, equity };
    });
    return { observations };
  });
}

/** Sends the same batches to both, in turns; `bound`: the least ratio of their speeds. */
async function compareBatches(
  what: string,
  bound: number,
  own: Send,
  other: Send,
  bodyOf: (round: number) => object,
): Promise<Figure[]> {
  const times: Times = { own: [], other: [] };
  for (let round = 0; round < batches; round++) {
    const body = bodyOf(round);
    for (const [name, send] of Object.entries({ own, other }) as ['own' | 'other', Send][]) {
      times[name].push(await timeOf(() => send('POST', body)));
    }
  }
  const [took, bare] = [median(times.own), median(times.other)];
  const perSecond = (ms: number) => Math.round((batch / ms) * 1_000).toLocaleString('en');
  const details = ` (${perSecond(took)} against ${perSecond(bare)})`;
  return [atLeast(what, bare / took, bound, details)];
}

/**
 * One trade after another, in an account with many. Each write is followed by a bare insert, so that
 * both meet the disk in the same moods.
 */
async function measureSingle(
  own: Send,
  other: Send,
  account: string,
  health: Pings,
): Promise<Figure[]> {
  const post = (trade: Sent) => own('POST', trade);
  const insert = () => other('POST', next(account));
  // Both are warm then.
  await timesOf(madeFor(account, single / 4), post, insert);
  const sent = madeFor(account, single);
  const of = ({ external_id }: Sent) => `/${external_id}?account_id=${account}`;
  const contests = {
    'One trade posted': post,
    'One trade changed': (trade: Sent) => own('PATCH', { pnl: trade.pnl + 1 }, of(trade)),
    'One trade deleted': (trade: Sent) => own('DELETE', undefined, of(trade)),
  };
  progress(`writing: ${single} trades one by one`);
  const figures: Figure[] = [];
  for (const [what, write] of Object.entries(contests)) {
    const { taken, pings } = await health.beside(() => timesOf(sent, write, insert));
    figures.push(
      atMost(
        `${what} in an account with ${known.toLocaleString('en')}, p99 against a bare insert`,
        percentile(taken.own, 0.99) / percentile(taken.other, 0.99),
        3,
        { details: ` (${describe(taken.own)} against ${describe(taken.other)} ms)` },
      ),
      unbounded('  /health meanwhile', `p99 ${percentile(pings, 0.99).toFixed(1)} ms`),
    );
  }
  return figures;
}

function madeFor(account: string, count: number): Sent[] {
  return Array.from({ length: count }, () => next(account));
}

interface Times {
  own: number[];
  other: number[];
}

async function timesOf(
  trades: readonly Sent[],
  own: (trade: Sent) => Promise<void>,
  other: () => Promise<void>,
): Promise<Times> {
  const times: Times = { own: [], other: [] };
  for (const trade of trades) {
    times.own.push(await timeOf(() => own(trade)));
    times.other.push(await timeOf(other));
  }
  return times;
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function percentile(times: readonly number[], share: number): number {
  return times.toSorted((one, other) => one - other)[Math.floor((times.length - 1) * share)]!;
}

function describe(times: readonly number[]): string {
  return `${percentile(times, 0.5).toFixed(1)}, ${percentile(times, 0.99).toFixed(1)}`;
}

/** Asks for an address again and again while something else is measured. */
class Pings {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async beside<Taken>(work: () => Promise<Taken>): Promise<{ taken: Taken; pings: number[] }> {
    const pings: number[] = [];
    let isOver = false;
    const asking = (async () => {
      while (!isOver) {
        const begun = performance.now();
        await (await fetch(this.#url)).arrayBuffer();
        pings.push(performance.now() - begun);
        await sleep(5);
      }
    })();
    const taken = await work().finally(() => {
      isOver = true;
    });
    await asking;
    return { taken, pings };
  }
}
