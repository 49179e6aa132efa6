import path from 'node:path';
import { openDatabase } from '../../server/store/database.ts';
import { mostActiveKeys } from '../../shared/access.ts';
import { utcDay } from '../../shared/day.ts';
import { makePartner } from '../support/partner.ts';
import { type Child, startChild, withChildren } from './child.ts';
import type { Effort } from './children/effort.ts';
import type { Load, LoadResult } from './children/load.ts';
import { atLeast, type Figure, median, progress, unbounded } from './figure.ts';
import { withFolder } from './folder.ts';
import { profileServer } from './profile.ts';
import { makeTrade } from './trades.ts';

const least = 0.4;
/** Below this ratio, the report also says where the time goes. */
const comfortable = 0.55;
/** A server that is busy for less than this share of the time is not what limits the requests. */
const saturated = 0.95;
const rounds = 7;
const seconds = 2;
/** Long enough for V8 to compile and optimise the server's code. */
const warmUpSeconds = 10;
const question = '/api/partner/stats';
/** A painted shell, which needs the same checks, and that of origins. */
const shell = '/embed/partner/stats-card';

interface Round {
  requestsPerSecond: number;
  /** The share of the time that the server's main thread is busy. */
  busy: number;
  /** Processor time of the server for each request, µs. */
  cost: number;
}

/** Compares the requests for `/stats` per second with those of a bare Koa that answers the same bytes. */
export function measureRequests(): Promise<Figure[]> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'requests.db');
    const headers = await prepare(file);
    const children = {
      served: startChild('served.ts', [file]),
      bare: startChild('bare-koa.ts'),
      load: startChild('load.ts'),
    };
    return withChildren(children, async (running) => [
      ...(await compare(running, headers)),
      ...(await compareShell(running, headers)),
    ]);
  });
}

/** Makes a partner with a month of trades; returns the headers of each of its keys. */
async function prepare(file: string): Promise<Record<string, string>[]> {
  const database = await openDatabase(file);
  const partner = await makePartner(database, 'enterprise');
  const today = utcDay(Date.now());
  const trades = Array.from({ length: 300 }, (_, number) =>
    makeTrade(number, today - 1 - Math.floor(number / 10), number % 10, 10),
  );
  await partner.addTrades(await partner.newAccount(), trades);
  const keys = [partner.key];
  while (keys.length < mostActiveKeys)
    keys.push(await partner.newKey(['stats:aggregate', 'embed:read']));
  await database.close();
  return keys.map((key) => ({ 'X-API-Key': key }));
}

/** Runs rounds of both servers in turn; returns their results, the answer's body and the URL. */
async function race(
  { served, bare, load }: Record<'served' | 'bare' | 'load', Child>,
  path: string,
  headers: Record<string, string>[],
) {
  const url = (await served.ask<string>('address')) + path;
  const answer = await fetch(url, { headers: headers[0]! });
  const body = Buffer.from(await answer.arrayBuffer());
  await bare.ask('send', { type: answer.headers.get('content-type'), body });
  const asked = { served: url, bare: await bare.ask<string>('address') };
  const results = { served: [] as Round[], bare: [] as Round[] };
  for (let round = 0; round <= rounds; round++) {
    progress(`requests: ${path}, ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}`);
    for (const [name, server] of [['served', served] as const, ['bare', bare] as const]) {
      const result = await runRound(server, load, {
        url: asked[name],
        headers,
        seconds: round === 0 ? warmUpSeconds : seconds,
      });
      if (round > 0) results[name].push(result);
    }
  }
  return { results, body, url };
}

async function compare(
  children: Record<'served' | 'bare' | 'load', Child>,
  headers: Record<string, string>[],
): Promise<Figure[]> {
  const { served, load } = children;
  const { results, body, url } = await race(children, question, headers);
  const middle = (name: keyof typeof results, key: keyof Round) =>
    median(results[name].map((round) => round[key]));
  const byRate = middle('served', 'requestsPerSecond') / middle('bare', 'requestsPerSecond');
  const byCost = middle('bare', 'cost') / middle('served', 'cost');
  const isLimitedByLoad = middle('bare', 'busy') < saturated;
  const ratio = isLimitedByLoad ? byCost : byRate;
  const tell = (name: keyof typeof results) =>
    `${Math.round(middle(name, 'requestsPerSecond'))}/s, main thread ${(100 * middle(name, 'busy')).toFixed(0)} % busy, ${middle(name, 'cost').toFixed(1)} µs of processor each`;
  const figures = [
    atLeast(
      `GET /stats against bare Koa, ${isLimitedByLoad ? 'processor time (the load generator limits the bare one)' : 'requests/s'}`,
      ratio,
      least,
    ),
    isLimitedByLoad
      ? unbounded('  by requests/s', byRate.toFixed(2))
      : unbounded('  by processor time', byCost.toFixed(2)),
    unbounded(`  GET /stats, ${body.length} bytes`, tell('served')),
    unbounded('  bare Koa, the same bytes', tell('bare')),
  ];
  if (ratio >= comfortable) return figures;
  progress('requests: looking where the time goes');
  return [
    ...figures,
    ...(await profileServer(served, load, { url, headers, seconds: 2 * seconds })),
  ];
}

/** Reported without a bound: most of a shell's time goes into sending its bytes. */
async function compareShell(
  children: Record<'served' | 'bare' | 'load', Child>,
  headers: Record<string, string>[],
): Promise<Figure[]> {
  const { results, body } = await race(children, shell, headers);
  const rate = (name: keyof typeof results) =>
    median(results[name].map((round) => round.requestsPerSecond));
  const cost = (name: keyof typeof results) => median(results[name].map((round) => round.cost));
  return [
    unbounded(
      `A painted shell against bare Koa, requests/s (${body.length} bytes)`,
      `${(rate('served') / rate('bare')).toFixed(2)} (${cost('served').toFixed(1)} against ${cost('bare').toFixed(1)} µs of processor each)`,
    ),
  ];
}

async function runRound(server: Child, load: Child, asked: Load): Promise<Round> {
  const before = await server.ask<Effort>('effort');
  const result = await load.ask<LoadResult>('run', asked);
  const after = await server.ask<Effort>('effort');
  const busy = after.busy - before.busy;
  return {
    requestsPerSecond: result.requests / result.seconds,
    busy: busy / (busy + after.idle - before.idle),
    cost: ((after.processor - before.processor) * 1000) / result.requests,
  };
}
