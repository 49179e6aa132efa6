import assert from 'node:assert/strict';
import test from 'node:test';
import { defaultScopes, scopes } from '../../shared/access.ts';
import type { KeysAnswer, NewKeyAnswer } from '../../shared/answers/keys.ts';
import { hour } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

test('a key is created with the documented defaults and shape, and shown only once', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { post, get } = api(server, partner.key);
  const { status, headers, body } = await post<NewKeyAnswer>('keys');
  const { key, id, prefix } = body;
  assert.equal(status, 201);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.match(key, /^pt_[0-9a-f]{56}$/);
  assert.match(id, /^key_[0-9a-f]{20}$/);
  const summary = {
    id,
    prefix: key.slice(0, 11),
    label: 'API Key',
    scopes: ['embed:read', 'stats:read', 'stats:aggregate', 'accounts:list'],
    allowed_origins: [],
    is_active: true,
    created_at: testNow,
    expires_at: null,
    revoked_at: null,
    paused_at: null,
    last_used_at: null,
    replaced_by: null,
  };
  const message = 'Save this key now — it will not be shown again.';
  assert.deepEqual(body, { key, ...summary, message });
  assert.equal((await api(server, key).get('stats')).status, 200);

  const list = await get<KeysAnswer>('keys');
  assert.deepEqual(
    list.body.keys.find((listed) => listed.id === id),
    { ...summary, last_used_at: testNow },
  );
  const audit = await get('audit');
  assert.ok(audit.text.includes(id));
  for (const { text } of [list, audit]) assert.ok(!text.includes(key.slice(prefix.length)));
});

test('the documented example is answered as documented', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const sent = { label: 'Production Widget Key', scopes: ['embed:read', 'stats:read'] };
  const { status, body } = await api(server, key).post<NewKeyAnswer>('keys', sent);
  assert.equal(status, 201);
  assert.deepEqual({ label: body.label, scopes: body.scopes }, sent);
  for (const field of ['key', 'id', 'prefix', 'message'] as const)
    assert.equal(typeof body[field], 'string');
});

test('a label is one line of at most 50 characters', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const { post } = api(server, key);
  const label = async (given: unknown) => {
    const { status, body } = await post<NewKeyAnswer>('keys', { label: given });
    return status === 201 ? body.label : status;
  };
  assert.equal(await label(' Site '), 'Site');
  assert.equal(await label('é'.repeat(50)), 'é'.repeat(50));
  assert.equal(await label('<b>"\'&'), '<b>"\'&');
  for (const bad of ['x'.repeat(51), '', '  ', 'two\nlines', 'nul\0', '\ud800', 7, null])
    assert.equal(await label(bad), 400, JSON.stringify(bad));
});

test('an invalid body is a 400 that lists every problem, and creates no key', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const { post, get } = api(server, key);
  const refused = await post('keys', {
    label: 7,
    scopes: ['embed:read', 'stats:write'],
    expires_at: 'tomorrow',
    allowed_origins: ['https://firm.example/page'],
    scope: 'embed:read',
  });
  assert.equal(refused.status, 400);
  assert.equal(refused.body.code, 'invalid_body');
  assert.deepEqual(
    refused.body.details?.map(({ path }) => path),
    ['label', 'scopes.1', 'expires_at', 'allowed_origins.0', 'scope'],
  );
  assert.match(refused.body.error, /scope is not known/);
  for (const bad of [
    { scopes: [] },
    { scopes: 'embed:read' },
    { scopes: ['embed:read'], preset: 'full' },
    { preset: 'admin' },
    { expires_at: testNow },
    { expires_at: testNow - 1 },
    { expires_at: 1e300 },
    { expires_at: testNow + 0.5 },
    ['embed:read'],
  ]) {
    assert.equal((await post('keys', bad)).status, 400, JSON.stringify(bad));
  }
  assert.equal((await get<KeysAnswer>('keys')).body.keys.length, 1);
});

test('presets and default scopes are cut to those of the caller and its tier', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'growth');
  const granted = async (caller: string, body: object) => {
    const made = await api(server, caller).post<NewKeyAnswer>('keys', body);
    return made.status === 201 ? made.body.scopes : made.status;
  };
  assert.deepEqual(await granted(partner.key, { preset: 'full' }), scopes);
  assert.deepEqual(await granted(partner.key, { preset: 'read-only' }), [
    ...defaultScopes,
    'users:read',
  ]);
  assert.deepEqual(await granted(partner.key, { preset: 'write' }), [
    ...['stats:read', 'accounts:list', 'webhooks:manage', 'users:read', 'users:write'],
    ...['accounts:write', 'trades:write'],
  ]);
  const narrow = await partner.newKey(['stats:read', 'accounts:list']);
  assert.deepEqual(await granted(narrow, { preset: 'full' }), ['stats:read', 'accounts:list']);
  assert.equal(await granted(narrow, { preset: 'write' }), 403);
  const writing = await partner.newKey(['trades:write']);
  assert.deepEqual(await granted(writing, { preset: 'write' }), ['stats:read', 'trades:write']);
  assert.deepEqual(await granted(writing, { scopes: ['stats:read'] }), ['stats:read']);
  assert.deepEqual(await granted(writing, { scopes: ['accounts:list'] }), 403);
  await partner.set({ tier: 'starter' });
  assert.deepEqual(
    await granted(partner.key, { preset: 'full' }),
    scopes.filter((scope) => scope !== 'webhooks:manage'),
  );
});

test('a scope that the caller or its tier lacks is refused', async (t) => {
  const server = await startTestServer(t);
  const growth = await makePartner(server.database, 'growth');
  const starter = await makePartner(server.database, 'starter');
  const narrow = await growth.newKey(['stats:read', 'accounts:list']);
  const { body } = await api(server, narrow).post('keys', { scopes: ['stats:read', 'embed:read'] });
  assert.deepEqual(body, { error: 'Missing required scope: embed:read', code: 'missing_scope' });
  const beyondTier = await api(server, starter.key).post('keys', { scopes: ['webhooks:manage'] });
  assert.equal(beyondTier.status, 403);
  assert.equal(beyondTier.body.code, 'tier_required');
});

test('a key can’t create one that expires later or has other origins', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const origins = ['https://a.example', 'https://b.example'];
  const bound = { expires_at: testNow + hour, allowed_origins: origins };
  const first = await api(server, partner.key).post<NewKeyAnswer>('keys', bound);
  const { post } = api(server, first.body.key);

  const heir = await post<NewKeyAnswer>('keys');
  assert.equal(heir.body.expires_at, testNow + hour);
  assert.deepEqual(heir.body.allowed_origins, origins);
  const narrower = { expires_at: testNow + 1, allowed_origins: ['https://b.example'] };
  assert.equal((await post('keys', narrower)).status, 201);
  for (const wider of [
    { expires_at: testNow + hour + 1 },
    { expires_at: null },
    { allowed_origins: [] },
    { allowed_origins: ['https://a.example', 'https://c.example'] },
  ]) {
    const { status, body } = await post('keys', wider);
    assert.deepEqual([status, body.code], [403, 'beyond_key'], JSON.stringify(wider));
  }
  server.clock.now = testNow + hour;
  assert.equal((await post('keys')).status, 403);
});

test('keys are listed with the active ones first, then the newest first, with their last use', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  await makePartner(server.database);
  const { post, get } = api(server, partner.key);
  const made: NewKeyAnswer[] = [];
  for (const label of ['one', 'two', 'three']) {
    server.clock.now += 1_000;
    made.push((await post<NewKeyAnswer>('keys', { label })).body);
  }
  await api(server, made[0]!.key).get('stats');
  await api(server, partner.key).delete(`keys/${made[2]!.id}`);
  server.clock.now += 1_000;
  const { body } = await get<KeysAnswer>('keys');
  assert.equal(body.limit, 10);
  assert.deepEqual(
    body.keys.map(({ label, is_active, revoked_at, last_used_at }) => [
      label,
      is_active,
      revoked_at,
      last_used_at,
    ]),
    [
      ['two', true, null, null],
      ['one', true, null, testNow + 3_000],
      ['Test', true, null, testNow + 3_000],
      ['three', false, testNow + 3_000, null],
    ],
  );
});

test('a key’s label, expiry and origins can be changed, and scopes removed from the next request on', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { post, patch } = api(server, partner.key);
  const { key, id } = (await post<NewKeyAnswer>('keys')).body;
  const changes = {
    label: 'Blog',
    scopes: ['stats:read', 'accounts:list'],
    expires_at: testNow + hour,
    allowed_origins: ['https://blog.example'],
  };
  assert.equal((await api(server, key).get('stats')).status, 200);
  const changed = await patch<NewKeyAnswer>(`keys/${id}`, changes);
  assert.equal(changed.status, 200);
  const { label, scopes, expires_at, allowed_origins } = changed.body;
  assert.deepEqual({ label, scopes, expires_at, allowed_origins }, changes);
  assert.equal((await api(server, key).get('stats')).status, 403);
  assert.equal((await api(server, key).get('accounts')).status, 200);

  assert.deepEqual((await patch(`keys/${id}`)).body, changed.body);
  const one = await patch<NewKeyAnswer>(`keys/${id}`, { expires_at: null, allowed_origins: [] });
  assert.deepEqual(one.body, { ...changed.body, expires_at: null, allowed_origins: [] });
});

test('an invalid change of a key is a 400 and changes nothing', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { post, patch, get } = api(server, partner.key);
  const { id } = (await post<NewKeyAnswer>('keys', { scopes: ['stats:read'] })).body;
  const before = (await get<KeysAnswer>('keys')).body.keys.find((key) => key.id === id);
  for (const bad of [
    { scopes: ['stats:read', 'accounts:list'] },
    { scopes: [] },
    { label: '' },
    { label: 'New', expires_at: testNow },
    { allowed_origins: ['https://*.example'] },
    { is_active: 0 },
    { is_active: null },
    { paused_at: testNow },
    { id: 'key_0' },
    { label: 'New', scopes: ['accounts:list'] },
  ]) {
    const { status, body } = await patch(`keys/${id}`, bad);
    assert.equal(status, 400, JSON.stringify(bad));
    assert.ok(body.details!.length > 0);
  }
  const after = (await get<KeysAnswer>('keys')).body.keys.find((key) => key.id === id);
  assert.deepEqual(after, before);
});

test('a revoked or expired key can be neither changed nor rolled', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { post, patch, delete: remove } = api(server, partner.key);
  const revoked = (await post<NewKeyAnswer>('keys')).body;
  const expired = (await post<NewKeyAnswer>('keys', { expires_at: testNow + 1 })).body;
  assert.equal((await remove(`keys/${revoked.id}`)).status, 200);
  server.clock.now += 1;
  for (const { id, key } of [revoked, expired]) {
    for (const answer of [
      await patch(`keys/${id}`, { expires_at: null }),
      await patch(`keys/${id}`, {}),
      await post(`keys/${id}/roll`),
    ]) {
      assert.deepEqual([answer.status, answer.body.code], [400, 'key_ended']);
    }
    assert.equal((await api(server, key).get('stats')).status, 403);
  }
});

test('a key can’t change or roll one with more scopes, a later expiry or more origins', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { post, get } = api(server, partner.key);
  const { id } = (await post<NewKeyAnswer>('keys')).body;
  const before = (await get<KeysAnswer>('keys')).body.keys.find((key) => key.id === id);
  const end = testNow + hour;
  for (const less of [
    { scopes: ['stats:read', 'accounts:list'] },
    { expires_at: end },
    { allowed_origins: ['https://a.example'] },
  ]) {
    const weak = api(server, (await post<NewKeyAnswer>('keys', less)).body.key);
    for (const answer of [
      await weak.patch(`keys/${id}`, { label: 'Mine' }),
      await weak.patch(`keys/${id}`, less),
      await weak.post(`keys/${id}/roll`),
      await weak.post(`keys/${id}/roll`, { expires_at: end }),
    ]) {
      const what = JSON.stringify(less);
      assert.deepEqual([answer.status, answer.body.code], [403, 'beyond_key'], what);
    }
  }
  const after = (await get<KeysAnswer>('keys')).body.keys.find((key) => key.id === id);
  assert.deepEqual(after, before);
});

for (const [form, addressOfKey] of [
  ['DELETE /keys/{id}', (id: string) => `keys/${id}`],
  ['DELETE /keys?key_id=', (id: string) => `keys?key_id=${id}`],
] as const) {
  test(`${form} revokes a key from the next request on, but never the one in use`, async (t) => {
    const server = await startTestServer(t);
    const partner = await makePartner(server.database);
    const { post, delete: remove, get } = api(server, partner.key);
    const { key, id } = (await post<NewKeyAnswer>('keys')).body;
    const own = (await get<KeysAnswer>('keys')).body.keys.find((listed) => listed.id !== id)!.id;
    assert.equal((await api(server, key).get('stats')).status, 200);

    const { status, body } = await remove<{ success: boolean }>(addressOfKey(id));
    assert.deepEqual([status, body], [200, { success: true }]);
    assert.equal((await api(server, key).get('stats')).status, 403);
    // Revoking it again changes nothing.
    server.clock.now += 1_000;
    assert.equal((await remove(addressOfKey(id))).status, 200);
    const { keys } = (await get<KeysAnswer>('keys')).body;
    assert.equal(keys.find((listed) => listed.id === id)!.revoked_at, testNow);

    const inUse = await remove(addressOfKey(own));
    assert.deepEqual([inUse.status, inUse.body.code], [400, 'key_in_use']);
    assert.equal((await get('keys')).status, 200);
  });
}

test('ids of other partners, made-up ids and ids of other objects get identical 404s', async (t) => {
  const server = await startTestServer(t);
  const mine = await makePartner(server.database);
  const theirs = await makePartner(server.database);
  const foreign = (await api(server, theirs.key).post<NewKeyAnswer>('keys')).body;
  const { send } = api(server, mine.key);
  const ids = [foreign.id, 'key_00000000000000000000', mine.id, await mine.newAccount(), "' or 1"];
  for (const [method, path, body] of [
    ['PATCH', 'keys/ID', { label: 'Mine' }],
    ['POST', 'keys/ID/roll', {}],
    ['DELETE', 'keys/ID', undefined],
    ['DELETE', 'keys?key_id=ID', undefined],
  ] as const) {
    const answers = await Promise.all(
      ids.map(async (id) => {
        const address = path.replace('ID', encodeURIComponent(id));
        const { status, headers, text } = await send(method, address, body);
        return { status, text, type: headers.get('content-type') };
      }),
    );
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal(answers[0]!.status, 404);
  }
  assert.equal((await api(server, foreign.key).get('stats')).status, 200);
});

test('the key in the path is changed, whatever the query names', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const { post, patch, get, delete: remove } = api(server, key);
  const [one, other] = [await post<NewKeyAnswer>('keys'), await post<NewKeyAnswer>('keys')];
  await patch(`keys/${one.body.id}?id=${other.body.id}`, { label: 'One' });
  await remove(`keys/${one.body.id}?id=${other.body.id}&key_id=${other.body.id}`);
  const { keys } = (await get<KeysAnswer>('keys')).body;
  const stateOf = ({ body }: typeof one) => {
    const { label, is_active } = keys.find(({ id }) => id === body.id)!;
    return [label, is_active];
  };
  assert.deepEqual(
    [stateOf(one), stateOf(other)],
    [
      ['One', false],
      ['API Key', true],
    ],
  );
});

test('after a downgrade, a key can still change and roll one with the same scopes as itself', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'growth');
  const { post, patch } = api(server, partner.key);
  const { id } = (await post<NewKeyAnswer>('keys', { preset: 'full' })).body;
  await partner.set({ tier: 'starter' });
  assert.equal((await patch(`keys/${id}`, { label: 'Site' })).status, 200);
  assert.equal((await post(`keys/${id}/roll`)).status, 201);
});
