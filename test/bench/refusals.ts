import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TokenSigner } from '../../server/access/embed-token.ts';
import { readSecret } from '../../server/commands/secret.ts';
import { operator } from '../../server/store/audit.ts';
import { openDatabase, transact } from '../../server/store/database.ts';
import { changeKey, createKey, revokeKey } from '../../server/store/keys.ts';
import { openSession } from '../../server/store/sessions.ts';
import { day } from '../../shared/time.ts';
import { makePartner, type TestPartner } from '../support/partner.ts';
import { type Child, startChild, withChildren } from './child.ts';
import { atMost, type Figure, progress } from './figure.ts';
import { withFolder } from './folder.ts';

const pairs = 2_000;
const warmUp = 500;
/** With so many measurements, a larger |t| is a real difference. */
const mostT = 4.5;

/** Credentials of each type that are refused for the same reason. */
interface Ended {
  key: string;
  token: string;
  session: string;
}

type Ask = (ended: Ended) => {
  method?: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
};

const json = { 'Content-Type': 'application/json' };
const ways: Record<string, Ask> = {
  'a key': ({ key }) => ({ path: '/api/partner/stats', headers: { 'X-API-Key': key } }),
  'an embed token': ({ token }) => ({
    path: '/api/partner/widgets/stats-card',
    headers: { 'X-API-Key': token },
  }),
  'a session': ({ session }) => ({
    path: '/api/partner/stats',
    headers: { Cookie: `pt_session=${session}` },
  }),
  'opening a session': ({ key }) => ({
    method: 'POST',
    path: '/api/partner/auth/session',
    headers: json,
    body: JSON.stringify({ api_key: key }),
  }),
};

/** Whether the time of a refusal reveals its reason: compares credentials that once were valid with made-up ones. */
export function measureRefusals(): Promise<Figure[]> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'refusals.db');
    const { madeUp, ended } = await prepare(file);
    return withChildren({ served: startChild('served.ts', [file]) }, async ({ served }) => {
      const figures: Figure[] = [];
      for (const [way, ask] of Object.entries(ways)) {
        const unbounded: string[] = [];
        let most = 0;
        for (const [kind, one] of Object.entries(ended)) {
          progress(`refusals: ${way}, ${kind}`);
          const t = await race(served, ask, one, madeUp);
          unbounded.push(`${kind} ${t.toFixed(1)}`);
          most = Math.max(most, Math.abs(t));
        }
        const details = ` (${unbounded.join(', ')})`;
        const what = `${way}: what has ended against what never was, |t| over ${pairs} pairs`;
        figures.push(atMost(what, most, mostT, { digits: 1, details }));
      }
      return figures;
    });
  });
}

async function prepare(file: string): Promise<{ madeUp: Ended; ended: Record<string, Ended> }> {
  const database = await openDatabase(file);
  const signer = new TokenSigner(readSecret(file));
  const now = Date.now();
  const partner = await makePartner(database, 'enterprise');
  const inactive = await makePartner(database, 'enterprise');
  const make = async ({ id: partnerId }: TestPartner, expiresAt: number | null = null) => {
    const wanted = { label: 'Test', scopes: ['stats:aggregate', 'embed:read'] as const, expiresAt };
    const { key, record, session } = await transact(database, async (transaction) => {
      const made = await createKey(transaction, partnerId, wanted, operator, now, randomBytes);
      const opener = { key: made.record };
      return {
        ...made,
        session: await openSession(transaction, partnerId, opener, now, randomBytes),
      };
    });
    const said = { partner: partnerId, key: record.id, widgets: null, accounts: null, user: null };
    const token = signer.sign({ ...said, expires: now + day, generation: 0 });
    return { key, token, session, record };
  };
  const revoked = await make(partner);
  const paused = await make(partner);
  const expired = await make(partner, now + 1_000);
  const ofInactive = await make(inactive);
  await transact(database, async (transaction) => {
    await revokeKey(transaction, revoked.record, operator, now);
    await changeKey(transaction, paused.record, { isActive: false }, operator, now);
  });
  await inactive.set({ is_active: 0 });
  await database.close();
  await sleep(1_100);
  const others = new TokenSigner(randomBytes(32).toString('hex'));
  const read = signer.read(revoked.token)!;
  const madeUp = {
    key: `pt_${randomBytes(28).toString('hex')}`,
    token: others.sign(read.token),
    session: randomBytes(16).toString('base64url'),
  };
  return { madeUp, ended: { revoked, paused, expired, inactive: ofInactive } };
}

/** Welch's t of the times of two refusals, measured in turn, each as often first as the other. */
async function race(served: Child, ask: Ask, one: Ended, other: Ended): Promise<number> {
  const address = await served.ask<string>('address');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = { one: [] as number[], other: [] as number[] };
  let turn = 0;
  const time = async (name: keyof typeof times) => {
    const asked = ask(name === 'one' ? one : other);
    // Each request has a client address of its own, so that no rate limit applies.
    const from = `10.${(turn >> 16) & 255}.${(turn >> 8) & 255}.${turn & 255}`;
    turn++;
    times[name].push(await timeOf(address, agent, asked, from));
  };
  for (let pair = 0; pair < warmUp + pairs; pair++) {
    if (pair === warmUp) for (const list of Object.values(times)) list.length = 0;
    const order = pair % 2 === 0 ? (['one', 'other'] as const) : (['other', 'one'] as const);
    for (const name of order) await time(name);
  }
  agent.destroy();
  const [a, b] = [momentsOf(times.one), momentsOf(times.other)];
  return (a.mean - b.mean) / Math.sqrt((a.variance + b.variance) / pairs);
}

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}

/** From the request to the last byte of the answer, ms. */
function timeOf(
  address: string,
  agent: Agent,
  { method = 'GET', path: asked, headers, body }: ReturnType<Ask>,
  from: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const sent = request(
      address + asked,
      { method, agent, headers: { ...headers, 'X-Forwarded-For': from } },
      (response) => {
        if (response.statusCode !== 403 && response.statusCode !== 401)
          reject(new Error(`It answers ${response.statusCode}`));
        response.resume();
        response.once('end', () => resolve(performance.now() - started));
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}
