import assert from 'node:assert/strict';
import test from 'node:test';
import type { AuditAnswer } from '../../shared/answers/audit.ts';
import type { KeySummary, KeysAnswer, NewKeyAnswer } from '../../shared/answers/keys.ts';
import type { EmbedTokenAnswer } from '../../shared/answers/partner.ts';
import { api } from '../support/api.ts';
import { serveBeside } from '../support/beside.ts';
import { commandLine } from '../support/command.ts';
import { makeFirm } from '../support/firm.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';
import { Browser, isSignedIn, signInByKey } from '../support/session.ts';
import { signIn } from '../support/signed-in.ts';

const pause = { is_active: false };
const resume = { is_active: true };

test('a paused key, its tokens and its sessions are refused like those of a revoked key, until it is resumed', async (t) => {
  const server = await startTestServer(t);
  await using beside = await serveBeside(server);
  const partner = await makePartner(server.database);
  const owner = api(server, partner.key);
  const { key, id } = (await owner.post<NewKeyAnswer>('keys')).body;
  const { token } = (await api(server, key).post<EmbedTokenAnswer>('embed-tokens')).body;
  const revoked = (await owner.post<NewKeyAnswer>('keys')).body;
  const deadToken = (await api(server, revoked.key).post<EmbedTokenAnswer>('embed-tokens')).body;
  await owner.delete(`keys/${revoked.id}`);
  const browser = await signInByKey(server, key);
  const answersTo = async (credential: string, path: string) => {
    const answers = [server, beside].map((one) => api(one, credential).get(path));
    return (await Promise.all(answers)).map(({ status, text }) => `${status} ${text}`);
  };
  const openings = [
    [key, 'stats', revoked.key],
    [key, 'keys', revoked.key],
    [token, 'widgets/stats-card', deadToken.token],
  ] as const;
  const works = async () => {
    for (const [credential, path] of openings)
      for (const answer of await answersTo(credential, path)) assert.match(answer, /^200/);
    assert.ok(await isSignedIn(browser));
    const opened = await new Browser(server).post('/api/partner/auth/session', { api_key: key });
    assert.equal(opened.status, 201);
  };
  await works();

  const paused = await owner.patch<KeySummary>(`keys/${id}`, pause);
  assert.equal(paused.status, 200);
  assert.deepEqual([paused.body.is_active, paused.body.paused_at], [false, testNow]);
  for (const [credential, path, dead] of openings)
    assert.deepEqual(await answersTo(credential, path), await answersTo(dead, path), path);
  assert.ok(!(await isSignedIn(browser)));
  const refusalOf = async (api_key: string) =>
    (await new Browser(server).post('/api/partner/auth/session', { api_key })).text();
  assert.equal(await refusalOf(key), await refusalOf(revoked.key));

  const again = await owner.patch<KeySummary>(`keys/${id}`, resume);
  assert.deepEqual([again.body.is_active, again.body.paused_at], [true, null]);
  await works();
  const { entries } = (await owner.get<AuditAnswer>('audit?limit=200')).body;
  const acts = entries.filter(({ subject }) => subject === id).map(({ action }) => action);
  assert.deepEqual(acts.filter((action) => /paused|resumed/.test(action)).reverse(), [
    'key.paused',
    'key.resumed',
  ]);
});

test('a paused key is not one of the ten active keys, and can’t be resumed beside ten others', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { post, patch, get } = api(server, partner.key);
  const made: NewKeyAnswer[] = [];
  while (made.length < 9) made.push((await post<NewKeyAnswer>('keys')).body);
  const { id } = made[0]!;
  assert.equal((await post('keys')).status, 400);
  await patch(`keys/${id}`, pause);
  assert.equal((await post('keys')).status, 201);
  const refused = await patch(`keys/${id}`, resume);
  assert.deepEqual([refused.status, refused.body.code], [400, 'too_many_keys']);
  // Pausing it again changes nothing and adds no audit entry.
  const before = (await get<AuditAnswer>('audit')).body.entries.length;
  assert.equal((await patch(`keys/${id}`, pause)).status, 200);
  assert.equal((await get<AuditAnswer>('audit')).body.entries.length, before);
  // It is listed before revoked keys.
  await api(server, partner.key).delete(`keys/${made[1]!.id}`);
  const { keys } = (await get<KeysAnswer>('keys')).body;
  const order = keys.map(({ is_active, revoked_at }) =>
    is_active ? 'active' : revoked_at ? 'ended' : 'paused',
  );
  assert.deepEqual(order, [...Array(9).fill('active'), 'paused', 'ended']);
  assert.equal((await patch(`keys/${id}`, resume)).status, 200);
});

test('a partner has at most a hundred keys that are not revoked, paused ones included, and all are listed', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const owner = api(server, partner.key);
  for (let made = 1; made < 100; made++) {
    const { id } = (await owner.post<NewKeyAnswer>('keys')).body;
    assert.equal((await owner.patch(`keys/${id}`, pause)).status, 200);
  }
  const { keys } = (await owner.get<KeysAnswer>('keys')).body;
  assert.equal(keys.filter(({ revoked_at }) => revoked_at === null).length, 100);
  const refused = await owner.post('keys');
  assert.deepEqual([refused.status, refused.body.code], [400, 'too_many_keys']);
  await owner.delete(`keys/${keys.at(-1)!.id}`);
  assert.equal((await owner.post('keys')).status, 201);
});

test('a key can’t pause itself or a key with more scopes, and a paused key can’t be rolled', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const owner = api(server, partner.key);
  const weak = (await owner.post<NewKeyAnswer>('keys', { scopes: ['stats:read'] })).body;
  const own = await api(server, weak.key).patch(`keys/${weak.id}`, pause);
  assert.deepEqual([own.status, own.body.code], [400, 'key_in_use']);
  const browser = await signInByKey(server, weak.key);
  const path = `/api/partner/keys/${weak.id}`;
  assert.equal((await browser.send('PATCH', path, { body: pause })).status, 400);
  const { keys } = (await owner.get<KeysAnswer>('keys')).body;
  const strong = keys.find(({ id }) => id !== weak.id)!;
  for (const body of [pause, resume]) {
    const refused = await api(server, weak.key).patch(`keys/${strong.id}`, body);
    assert.deepEqual([refused.status, refused.body.code], [403, 'beyond_key']);
  }
  await owner.patch(`keys/${weak.id}`, { ...pause, label: 'Quiet' });
  const rolled = await owner.post(`keys/${weak.id}/roll`);
  assert.deepEqual([rolled.status, rolled.body.code], [400, 'key_paused']);
  // A paused key can still be changed and revoked; once revoked, it can't be resumed.
  assert.equal((await owner.patch(`keys/${weak.id}`, { expires_at: testNow + 9 })).status, 200);
  assert.equal((await owner.delete(`keys/${weak.id}`)).status, 200);
  const late = await owner.patch(`keys/${weak.id}`, resume);
  assert.deepEqual([late.status, late.body.code], [400, 'key_ended']);
});

test('a person signed in by mail can give a key more scopes, within the tier; a key and its sessions can’t', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'starter');
  const owner = api(server, partner.key);
  const { key, id } = (await owner.post<NewKeyAnswer>('keys', { scopes: ['embed:read'] })).body;
  const wider = { scopes: ['embed:read', 'stats:read'] };
  const person = api(server, await signIn(server, partner));
  const browser = await signInByKey(server, partner.key);
  assert.equal((await owner.patch(`keys/${id}`, wider)).status, 400);
  const bySession = await browser.send('PATCH', `/api/partner/keys/${id}`, { body: wider });
  assert.equal(bySession.status, 400);
  assert.equal((await api(server, key).get('keys')).status, 403);
  const changed = await person.patch<KeySummary>(`keys/${id}`, wider);
  assert.deepEqual([changed.status, changed.body.scopes], [200, wider.scopes]);
  assert.equal((await api(server, key).get('keys')).status, 200);
  const beyond = await person.patch(`keys/${id}`, { scopes: ['embed:read', 'webhooks:manage'] });
  assert.deepEqual([beyond.status, beyond.body.code], [400, 'tier_required']);
  assert.deepEqual(
    beyond.body.details?.map(({ path }) => path),
    ['scopes'],
  );
});

test('the command line pauses and resumes keys and gives them more scopes, and lists show paused keys as such', async (t) => {
  const cli = commandLine(t);
  const partner = await makeFirm(cli);
  const made = await cli.json<{ id: string }>(
    ...['key', 'create', '--partner', partner, '--scopes', 'embed:read', '--label', 'Site'],
  );
  assert.equal((await cli.run('key', 'set', made.id, '--active', 'false')).code, 0);
  assert.match((await cli.run('key', 'list')).stdout, /Site +paused/);
  assert.match((await cli.run('partner', 'show', partner)).stdout, /Site +paused/);
  const set = await cli.json<KeySummary>(
    ...['key', 'set', made.id, '--active', 'true', '--scopes', 'embed:read,stats:read'],
  );
  assert.deepEqual([set.is_active, set.scopes], [true, ['embed:read', 'stats:read']]);
  assert.equal((await cli.run('key', 'set', made.id, '--active', 'no')).code, 2);
  const audit = (await cli.run('audit', partner)).stdout;
  assert.match(audit, /operator +key\.paused +key_/);
  assert.match(audit, /operator +key\.resumed +key_/);
});
