import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  includesScope,
  type Preset,
  presetNames,
  type Scope,
  scopes,
} from '../../shared/access.ts';
import type { KeySummary, KeysAnswer, NewKeyAnswer } from '../../shared/answers/keys.ts';
import { hour } from '../../shared/time.ts';
import { type Api, api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

/** The fields of a request for a key; times in hours from now. */
interface Wish {
  scopes?: Scope[];
  preset?: Preset;
  end?: number | null;
  allowed_origins?: string[];
}

/** What is done, with which of the keys obtained so far, and to which of the partner's keys. */
interface Step {
  does: 'create' | 'change' | 'roll' | 'pause' | 'resume' | 'revoke' | 'wait';
  with: number;
  to: number;
  bySession: boolean;
  overlap: number;
  wish: Wish;
}

const origins = ['https://a.example', 'https://b.example', 'https://c.example'];
const someScopes = fc.subarray([...scopes], { minLength: 1 });
const manyScopes = fc.subarray([...scopes], { minLength: 2 });
const someOrigins = fc.subarray(origins);
const someEnd = fc.option(fc.integer({ min: 1, max: 12 }), { freq: 2 });
const index = fc.nat({ max: 20 });

const wish: fc.Arbitrary<Wish> = fc.oneof(
  fc.record(
    { scopes: someScopes, end: someEnd, allowed_origins: someOrigins },
    { requiredKeys: [] },
  ),
  fc.record(
    { preset: fc.constantFrom(...presetNames), end: someEnd, allowed_origins: someOrigins },
    { requiredKeys: [] },
  ),
);

const step: fc.Arbitrary<Step> = fc.record({
  does: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('create', 'change', 'roll') },
    { weight: 1, arbitrary: fc.constantFrom('revoke', 'wait', 'wait', 'pause', 'resume') },
  ),
  with: index,
  to: index,
  bySession: fc.boolean(),
  overlap: fc.constantFrom(0, 1_800, 86_400),
  wish,
});

const beginning = fc.record({ scopes: manyScopes, end: someEnd, allowed_origins: someOrigins });

/** What a key has beyond the first key, which must be nothing. */
function excessOf(key: KeySummary, first: KeySummary): string[] {
  const excess: string[] = key.scopes.filter((scope) => !includesScope(first.scopes, scope));
  const { expires_at: end, allowed_origins: allowed } = first;
  if (end !== null && (key.expires_at === null || key.expires_at > end)) excess.push('its end');
  const isWider = key.allowed_origins.some((origin) => !allowed.includes(origin));
  if (allowed.length > 0 && (isWider || key.allowed_origins.length === 0)) excess.push('origins');
  return excess;
}

test('no sequence of key operations yields a scope, an origin or an expiry beyond those of the first key', async (t) => {
  const server = await startTestServer(t);
  let done = 0;

  const bodyOf = ({ end, ...others }: Wish) => ({
    ...others,
    ...(end !== undefined && { expires_at: end === null ? null : server.clock.now + end * hour }),
  });

  const take = async ({ does, overlap, wish }: Step, caller: Api, target: string) => {
    if (does === 'create') return caller.post<NewKeyAnswer>('keys', bodyOf(wish));
    const { preset, ...changes } = bodyOf(wish);
    if (does === 'pause' || does === 'resume') {
      return caller.patch<KeySummary>(`keys/${target}`, { is_active: does === 'resume' });
    }
    if (does === 'change') return caller.patch<KeySummary>(`keys/${target}`, changes);
    if (does === 'revoke') return caller.delete<KeySummary>(`keys/${target}`);
    return caller.post<NewKeyAnswer>(`keys/${target}/roll`, {
      overlap_seconds: overlap,
      ...('expires_at' in changes && { expires_at: changes.expires_at }),
    });
  };

  /** A caller with the key itself, or with a session that it opened. */
  const callerWith = async (key: string, bySession: boolean) => {
    if (!bySession) return api(server, key);
    const opened = await api(server, null).post('auth/session', { api_key: key });
    const cookie = opened.headers.get('set-cookie')?.split(';', 1)[0];
    return api(server, cookie ? { Cookie: cookie } : key);
  };

  const run = async (begin: Wish, steps: readonly Step[]) => {
    const partner = await makePartner(server.database, 'enterprise');
    const owner = api(server, partner.key);
    // Another key of the partner, which could be taken over.
    await owner.post('keys', { preset: 'full' });
    const first = (await owner.post<NewKeyAnswer>('keys', bodyOf(begin))).body;
    if (!first.key) return;
    const obtained = [first.key];
    const ids = (await owner.get<KeysAnswer>('keys')).body.keys.map(({ id }) => id);
    const own = new Set([first.id]);
    for (const one of steps) {
      if (one.does === 'wait') {
        server.clock.now += hour;
        continue;
      }
      const key = obtained[one.with % obtained.length]!;
      const caller = await callerWith(key, one.bySession);
      const { status, body } = await take(one, caller, ids[one.to % ids.length]!);
      assert.ok(status < 500);
      if (status < 300) done++;
      if (status === 201) {
        const made = body as NewKeyAnswer;
        obtained.push(made.key);
        ids.push(made.id);
        own.add(made.id);
      }
      // The owner's key may have been revoked or paused, and then can't list keys any more.
      const keys = (await owner.get<KeysAnswer>('keys')).body.keys ?? [];
      for (const made of keys.filter(({ id }) => own.has(id)))
        assert.deepEqual(excessOf(made, first), [], JSON.stringify(one));
    }
    const last = api(server, obtained.at(-1)!);
    for (const [path, ...opening] of [
      ['accounts', 'accounts:list'],
      ['stats', 'stats:aggregate'],
      ['widgets/stats-card', 'embed:read', 'stats:aggregate'],
      ['widgets/stats-card?account_id=acc_0', 'embed:read', 'stats:read'],
    ] as const) {
      const { status } = await last.get(path, { Origin: origins[0]! });
      const isOpen = opening.some((scope) => includesScope(first.scopes, scope));
      if (!isOpen) assert.equal(status, 403, path);
    }
  };

  await fc.assert(
    fc.asyncProperty(beginning, fc.array(step, { minLength: 4, maxLength: 14 }), run),
    {
      numRuns: 80,
      seed: 4,
    },
  );
  assert.ok(done > 100, `only ${done} steps were allowed, which shows little`);
});
