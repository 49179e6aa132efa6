import assert from 'node:assert/strict';
import test from 'node:test';
import SQLite from 'better-sqlite3';
import { importStatement } from '../../server/ingest/import.ts';
import { openDatabase } from '../../server/store/database.ts';
import { mostActiveKeys } from '../../shared/access.ts';
import type { EmbedTokenAnswer } from '../../shared/answers/partner.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { api } from '../support/api.ts';
import { serveBeside } from '../support/beside.ts';
import { bytes, importDefaults, makePartner, plainCsv, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';
import { statementsOf } from '../support/sql.ts';

const widget = '/api/partner/widgets/risk-metrics';

test('a change of access counts from the next request in every process, though written by hand with SQL', async (t) => {
  const server = await startTestServer(t);
  await using beside = await serveBeside(server);
  const byHand = new SQLite(server.database.path);
  t.after(() => byHand.close());
  // Statements after which the key, and a token that it made, are answered with these statuses.
  const changes = {
    'update keys set revoked_at = 1': [403, 403],
    'update keys set expires_at = 1': [403, 403],
    'update keys set paused_at = 1': [403, 403],
    "update keys set scopes = 'trades:read'": [403, 403],
    "update keys set digest = 'another'": [403, 200],
    "update keys set allowed_origins = 'https://other.example'": [403, 403],
    'delete from keys': [403, 403],
    'update partners set is_active = 0': [403, 403],
    "update partners set tier = 'starter'": [403, 403],
    "update partners set allowed_origins = 'https://other.example'": [403, 403],
    'update partners set token_generation = token_generation + 1': [200, 403],
  };
  for (const [change, expected] of Object.entries(changes)) {
    const { id, key } = await makePartner(server.database);
    const { body } = await api(server, key).post<EmbedTokenAnswer>('embed-tokens');
    const ask = async () => {
      const page = { Origin: 'https://page.example' };
      const statuses = [];
      for (const { address } of [server, beside]) {
        for (const credential of [key, body.token]) {
          const headers = { 'X-API-Key': credential, ...page };
          statuses.push((await fetch(address + widget, { headers })).status);
        }
      }
      return statuses;
    };
    assert.deepEqual(await ask(), [200, 200, 200, 200], change);
    const owner = change.includes('partners') ? 'id' : 'partner_id';
    byHand.prepare(`${change} where ${owner} = ?`).run(id);
    assert.deepEqual(await ask(), [...expected, ...expected], change);
  }
});

test('every column of a key but the time of its last use counts as a change of access', async (t) => {
  const { database } = await startTestServer(t);
  await makePartner(database);
  const columns = database.handle
    .prepare<[], string>("select name from pragma_table_info('keys') where name <> 'last_used_at'")
    .pluck()
    .all();
  const count = database.handle.prepare<[], number>('select count from access_changes').pluck();
  for (const column of columns) {
    const before = count.get()!;
    database.handle.exec(`update keys set ${column} = ${column}`);
    assert.equal(count.get(), before + 1, column);
  }
});

test('a new brand is shown by the next answer, whichever process wrote it', async (t) => {
  const server = await startTestServer(t);
  await using beside = await serveBeside(server);
  const partner = await makePartner(server.database);
  const shown = async () => {
    const { body } = await api(beside, partner.key).get<WidgetAnswer>(widget);
    return body.branding.company_name;
  };
  assert.equal(await shown(), null);
  await partner.set({ company_name: 'Summit' });
  assert.equal(await shown(), 'Summit');
});

test('keys stay remembered while another process imports trades', async (t) => {
  const server = await startTestServer(t);
  const partners = [];
  const keys: string[] = [];
  while (keys.length < 10 * mostActiveKeys) {
    const partner = await makePartner(server.database);
    partners.push(partner);
    keys.push(partner.key);
    for (let more = 1; more < mostActiveKeys; more++)
      keys.push(await partner.newKey(['stats:aggregate']));
  }
  const askAll = () =>
    Promise.all(
      keys.map(async (key) => assert.equal((await api(server, key).get('stats')).status, 200)),
    );
  await askAll();
  const other = await openDatabase(server.database.path);
  t.after(() => other.close());
  const [first] = partners;
  const options = { ...importDefaults, format: 'csv', zone: 'UTC' } as const;
  await importStatement(
    other,
    bytes(plainCsv(tradesOf([1, 2, 3]))),
    { partnerId: first!.id, account: await first!.newAccount(), ...options },
    () => testNow,
    () => Buffer.alloc(32),
  );
  const statements = await statementsOf(t, askAll);
  const count = (table: string) =>
    statements.filter(({ text }) => text.includes(`from "${table}"`)).length;
  assert.equal(count('keys'), 0);
  assert.equal(count('access_changes'), 1);
  // Each partner once. The one answer that is new is worked out in another thread.
  assert.equal(count('partners'), partners.length);
});
