import path from 'node:path';
import { openDatabase } from '../../server/store/database.ts';
import { mostActiveKeys } from '../../shared/access.ts';
import { utcDay } from '../../shared/day.ts';
import { makePartner } from '../support/partner.ts';
import { type Child, startChild, withChildren } from './child.ts';
import type { Load, LoadResult } from './children/load.ts';
import { atLeast, type Figure, median, progress } from './figure.ts';
import { withFolder } from './folder.ts';
import { profileServer } from './profile.ts';
import { makeTrade } from './trades.ts';

const rounds = 7;
const seconds = 2;
/**
 * Long enough for each key to be asked with, whose first request is not answered from memory, and for
 * V8 to compile and optimise the server's code.
 */
const warmUpSeconds = 10;
const question = '/api/partner/stats';
/** A painted shell, which needs the same checks, and that of origins. */
const shell = '/embed/partner/stats-card';
const health = '/health';
const manyPartners = 100;

/** Requests whose cost is compared with that of bare Koa sending the same bytes. */
interface Contest {
  what: string;
  path: string;
  /** The headers of a request each, used in turn. */
  headers: Record<string, string>[];
  /** The bound of the ratio. */
  least: number;
}

interface Round {
  requestsPerSecond: number;
  /** Processor time of the server for each request, µs. */
  cost: number;
}

type Rounds = Record<'served' | 'bare', Round[]>;
type Children = Record<'served' | 'bare' | 'load', Child>;

/**
 * Compares the processor time of requests that are answered from memory with that of a bare Koa that
 * sends the same bytes. Both take turns, so that what else the machine does slows them alike.
 */
export function measureRequests(): Promise<Figure[]> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'requests.db');
    const keys = await prepare(file);
    const headers = keys.map((key) => ({ 'X-API-Key': key }));
    const few = headers.slice(0, mostActiveKeys);
    // Others than those, whose quotas would not last for both.
    const others = headers.slice(mostActiveKeys, 2 * mostActiveKeys);
    const contests: Contest[] = [
      { what: `GET /stats, ${few.length} keys`, path: question, headers: few, least: 0.6 },
      {
        what: `GET /stats, ${headers.length} keys of ${manyPartners} partners`,
        path: question,
        headers,
        least: 0.5,
      },
      { what: 'A painted shell', path: shell, headers: others, least: 0.45 },
      { what: 'GET /health', path: health, headers: [{}], least: 0.6 },
    ];
    const children = {
      served: startChild('served.ts', [file]),
      bare: startChild('bare-koa.ts'),
      load: startChild('load.ts'),
    };
    return withChildren(children, async (running) => {
      const figures: Figure[] = [];
      const costs: number[] = [];
      for (const contest of contests) {
        const results = await race(running, contest);
        const figure = compare(contest, results);
        figures.push(figure);
        costs.push(middle(results.served, 'cost'));
        if (!figure.isWithin) figures.push(...(await profile(running, contest)));
      }
      const [stats, , , ofHealth] = costs;
      return [...figures, atLeast('GET /health against GET /stats', stats! / ofHealth!, 1)];
    });
  });
}

/** Makes partners with ten keys each and a month of trades; returns the keys. */
async function prepare(file: string): Promise<string[]> {
  const database = await openDatabase(file);
  const today = utcDay(Date.now());
  const trades = Array.from({ length: 300 }, (_, number) =>
    makeTrade(number, today - 1 - Math.floor(number / 10), number % 10, 10),
  );
  const keys: string[] = [];
  for (let number = 0; number < manyPartners; number++) {
    progress(`requests: making partner ${number + 1} of ${manyPartners}`);
    const partner = await makePartner(database, 'enterprise');
    await partner.addTrades(await partner.newAccount(), trades);
    keys.push(partner.key);
    for (let more = 1; more < mostActiveKeys; more++)
      keys.push(await partner.newKey(['stats:aggregate', 'embed:read']));
  }
  await database.close();
  return keys;
}

/**
 * Runs rounds of both servers in turn. Bare Koa goes first, as a server whose keys were not used while
 * the other one warms up would lease their quotas again.
 */
async function race(
  { served, bare, load }: Children,
  { what, path, headers }: Contest,
): Promise<Rounds> {
  const url = (await served.ask<string>('address')) + path;
  const bareUrl = await bare.ask<string>('address');
  const answer = await fetch(url, { headers: headers[0]! });
  const body = Buffer.from(await answer.arrayBuffer());
  await bare.ask('send', { type: answer.headers.get('content-type'), body });
  const results: Rounds = { served: [], bare: [] };
  for (let round = 0; round <= rounds; round++) {
    progress(`requests: ${what}, ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}`);
    const asked = { headers, seconds: round === 0 ? warmUpSeconds : seconds };
    const ofBare = await runRound(bare, load, { url: bareUrl, ...asked });
    const ofServed = await runRound(served, load, { url, ...asked });
    if (round === 0) continue;
    results.served.push(ofServed);
    results.bare.push(ofBare);
  }
  return results;
}

function middle(rounds: readonly Round[], figure: keyof Round): number {
  return median(rounds.map((round) => round[figure]));
}

function compare({ what, least }: Contest, { served, bare }: Rounds): Figure {
  const costs = [served, bare].map((rounds) => middle(rounds, 'cost'));
  const rates = [served, bare].map((rounds) => middle(rounds, 'requestsPerSecond'));
  const [cost, bareCost] = costs as [number, number];
  const details = ` (${cost.toFixed(1)} against ${bareCost.toFixed(1)} µs; ${rates.map(Math.round).join(' against ')}/s)`;
  return atLeast(`${what} against bare Koa, processor time`, bareCost / cost, least, details);
}

/** Where the time of a contest goes that is not within its bound. */
async function profile({ served, load }: Children, { path, headers }: Contest): Promise<Figure[]> {
  progress('requests: looking where the time goes');
  const url = (await served.ask<string>('address')) + path;
  return profileServer(served, load, { url, headers, seconds: 2 * seconds });
}

async function runRound(server: Child, load: Child, asked: Load): Promise<Round> {
  const before = await server.ask<number>('processorTime');
  const result = await load.ask<LoadResult>('run', asked);
  const after = await server.ask<number>('processorTime');
  return {
    requestsPerSecond: result.requests / result.seconds,
    cost: ((after - before) * 1000) / result.requests,
  };
}
