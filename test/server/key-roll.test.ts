import assert from 'node:assert/strict';
import test from 'node:test';
import { allowances } from '../../shared/access.ts';
import type { KeysAnswer, NewKeyAnswer, RolledKeyAnswer } from '../../shared/answers/keys.ts';
import type { DashboardAnswer } from '../../shared/answers/partner.ts';
import { hour } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';
import { signInByKey } from '../support/session.ts';
import { signIn } from '../support/signed-in.ts';

test('a rolled key and its replacement both work until the overlap ends', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { post, get } = api(server, partner.key);
  const bound = {
    label: 'Site',
    scopes: ['stats:read', 'stats:aggregate'],
    expires_at: testNow + 100 * hour,
    allowed_origins: ['https://site.example'],
  };
  const old = (await post<NewKeyAnswer>('keys', bound)).body;
  const { status, body } = await post<RolledKeyAnswer>(`keys/${old.id}/roll`, {
    overlap_seconds: 3_600,
  });
  assert.equal(status, 201);
  assert.notEqual(body.key, old.key);
  const { label, scopes, expires_at, allowed_origins } = body;
  assert.deepEqual({ label, scopes, expires_at, allowed_origins }, bound);
  assert.deepEqual(body.replaces, { id: old.id, expires_at: testNow + hour });
  assert.equal(body.message, 'Save this key now — it will not be shown again.');
  const listed = (await get<KeysAnswer>('keys')).body.keys.find(({ id }) => id === old.id)!;
  assert.deepEqual([listed.replaced_by, listed.expires_at], [body.id, testNow + hour]);

  const works = async (key: string) => (await api(server, key).get('stats')).status === 200;
  server.clock.now = testNow + hour - 1;
  assert.deepEqual([await works(old.key), await works(body.key)], [true, true]);
  server.clock.now += 1;
  assert.deepEqual([await works(old.key), await works(body.key)], [false, true]);
});

test('a key can be rolled once, with an overlap of a day by default, which never extends its life', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { post } = api(server, partner.key);
  const roll = (id: string, body = {}) => post<RolledKeyAnswer>(`keys/${id}/roll`, body);
  const lasting = (await post<NewKeyAnswer>('keys')).body;
  const rolled = await roll(lasting.id);
  assert.deepEqual(rolled.body.replaces.expires_at, testNow + 24 * hour);
  const again = await post(`keys/${lasting.id}/roll`);
  assert.deepEqual([again.status, again.body.code], [400, 'already_rolled']);

  const short = (await post<NewKeyAnswer>('keys', { expires_at: testNow + 10 })).body;
  assert.equal((await roll(short.id)).body.replaces.expires_at, testNow + 10);
  const other = (await post<NewKeyAnswer>('keys')).body;
  const days = 30 * 86_400;
  for (const overlap_seconds of [-1, days + 1, 1.5, '60', null])
    assert.equal((await roll(other.id, { overlap_seconds })).status, 400, String(overlap_seconds));
  const own = await roll(other.id, { overlap_seconds: days, expires_at: testNow + hour });
  assert.equal(own.body.expires_at, testNow + hour);
});

test('a key rolled without an overlap is refused at once, so one of ten active keys can be rolled too', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { post, get } = api(server, partner.key);
  const made: NewKeyAnswer[] = [];
  while (made.length < 9) made.push((await post<NewKeyAnswer>('keys')).body);
  const eleventh = await post('keys');
  assert.deepEqual([eleventh.status, eleventh.body.code], [400, 'too_many_keys']);

  const { key, id } = made[0]!;
  assert.equal((await post(`keys/${id}/roll`, { overlap_seconds: 1 })).status, 400);
  assert.equal((await api(server, key).get('stats')).status, 200);
  const before = (await get<KeysAnswer>('keys')).body.keys.find((listed) => listed.id === id)!;
  assert.deepEqual([before.expires_at, before.replaced_by], [null, null]);

  const rolled = await post<RolledKeyAnswer>(`keys/${id}/roll`, { overlap_seconds: 0 });
  assert.equal(rolled.status, 201);
  assert.equal((await api(server, key).get('stats')).status, 403);
  assert.equal((await api(server, rolled.body.key).get('stats')).status, 200);
  assert.equal((await post('keys')).status, 400);
  await api(server, partner.key).delete(`keys/${made[1]!.id}`);
  assert.equal((await post('keys')).status, 201);
});

test('the replacement of a rolled key has those of its scopes that the tier still has', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'growth');
  const made = await api(server, partner.key).post<NewKeyAnswer>('keys', { preset: 'full' });
  const { key, id } = made.body;
  await partner.set({ tier: 'starter' });
  const { status, body } = await api(server, key).post<RolledKeyAnswer>(`keys/${id}/roll`);
  assert.deepEqual([status, body.scopes], [201, allowances.starter.scopes]);
});

test('a key keeps its origins when it is rolled or creates others after its partner allowed fewer', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { post, put } = api(server, partner.key);
  const [a, b] = ['https://a.example', 'https://b.example'];
  const old = (await post<NewKeyAnswer>('keys', { allowed_origins: [a, b] })).body;
  await put('origins', { allowed_origins: [b] });
  const made = await api(server, old.key).post<NewKeyAnswer>('keys', {});
  assert.deepEqual([made.status, made.body.allowed_origins], [201, [a, b]]);
  const rolled = await post<RolledKeyAnswer>(`keys/${old.id}/roll`);
  assert.deepEqual([rolled.status, rolled.body.allowed_origins], [201, [a, b]]);
});

test('a key can’t be rolled when its tier no longer has any of its scopes', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'growth');
  const { post } = api(server, partner.key);
  const old = (await post<NewKeyAnswer>('keys', { scopes: ['webhooks:manage'] })).body;
  await partner.set({ tier: 'starter' });
  const { status, body } = await post(`keys/${old.id}/roll`);
  assert.deepEqual([status, body.code], [400, 'tier_required']);
});

test('a replacement shares the quota of the keys it replaces, also after several rolls', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'starter');
  const left = async (key: string) =>
    (await api(server, key).get('stats')).headers.get('x-ratelimit-remaining');
  const first = (await api(server, partner.key).post<NewKeyAnswer>('keys')).body;
  const keys = [first];
  assert.equal(await left(first.key), '999');
  for (let rolls = 0; rolls < 3; rolls++) {
    const { id } = keys.at(-1)!;
    keys.push((await api(server, partner.key).post<RolledKeyAnswer>(`keys/${id}/roll`)).body);
  }
  assert.equal(await left(keys[3]!.key), '998');
  assert.equal(await left(keys[1]!.key), '997');
  assert.equal(await left(first.key), '996');
  const { body } = await api(server, partner.key).get<DashboardAnswer>('dashboard');
  for (const { id } of keys) {
    const shown = body.keys.find((key) => key.id === id)!;
    assert.equal(shown.requests_today, 4);
  }
  await api(server, keys[3]!.key).delete(`keys/${first.id}`);
  const last = await api(server, partner.key).post<RolledKeyAnswer>(`keys/${keys[3]!.id}/roll`);
  assert.equal(await left(last.body.key), '995');
});

test('a key can’t make any key expire later than itself; a person signed in by mail can', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const owner = api(server, partner.key);
  const old = (await owner.post<NewKeyAnswer>('keys')).body;
  const self = api(server, old.key);
  const { replaces } = (await self.post<RolledKeyAnswer>(`keys/${old.id}/roll`)).body;
  const end = replaces.expires_at;
  const cookie = await signInByKey(server, old.key);
  const path = `/api/partner/keys/${old.id}`;
  for (const expires_at of [null, end + 1]) {
    const refused = await self.patch(`keys/${old.id}`, { expires_at });
    assert.deepEqual([refused.status, refused.body.code], [403, 'beyond_key']);
    assert.equal((await cookie.send('PATCH', path, { body: { expires_at } })).status, 403);
    assert.equal((await self.post('keys', { expires_at })).status, 403);
  }
  const short = (await owner.post<NewKeyAnswer>('keys', { expires_at: end - 1 })).body;
  assert.equal(
    (await api(server, short.key).patch(`keys/${old.id}`, { expires_at: end })).status,
    403,
  );
  assert.equal((await self.patch(`keys/${short.id}`, { expires_at: end + 1 })).status, 403);
  assert.equal((await self.patch(`keys/${old.id}`, { expires_at: end })).status, 200);
  const person = api(server, await signIn(server, partner));
  assert.equal((await person.patch(`keys/${old.id}`, { expires_at: end + 1 })).status, 200);
  assert.equal((await owner.patch(`keys/${old.id}`, { expires_at: null })).status, 200);
});
