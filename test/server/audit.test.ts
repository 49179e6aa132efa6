import assert from 'node:assert/strict';
import test from 'node:test';
import type { AuditAnswer, AuditEntry } from '../../shared/answers/audit.ts';
import type { NewKeyAnswer } from '../../shared/answers/keys.ts';
import type { EmbedTokenAnswer, SessionAnswer } from '../../shared/answers/partner.ts';
import { minute } from '../../shared/time.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { addAddress, auth, type Browser, signIn, signInByKey } from '../support/session.ts';
import { textOfTables } from '../support/tables.ts';

const api = '/api/partner';

async function auditOf(browser: Browser, query = ''): Promise<AuditAnswer> {
  const response = await browser.get(`${api}/audit${query}`);
  assert.equal(response.status, 200);
  return (await response.json()) as AuditAnswer;
}

/** The entries since a number, the oldest first. */
async function since(browser: Browser, number: number): Promise<AuditEntry[]> {
  const { entries } = await auditOf(browser, '?limit=200');
  return entries.filter((entry) => entry.number > number).reverse();
}

async function sessionIdOf(browser: Browser): Promise<string> {
  const answer = (await (await browser.get(`${auth}/session`)).json()) as SessionAnswer;
  assert.ok(answer.authenticated);
  return answer.session.id;
}

test('what a signed-in person does is in the audit trail: who, what, to what and when', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'enterprise');
  const browser = await signIn(server, partner.email);
  const actor = {
    type: 'session',
    id: await sessionIdOf(browser),
    name: partner.email,
    key_id: null,
  };
  const before = (await auditOf(browser)).entries[0]!.number;
  server.clock.now += minute;
  const change = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await browser.send(method, api + path, body === undefined ? {} : { body });
    assert.ok(response.ok, `${method} ${path}: ${response.status}`);
    return (await response.json()) as Answer;
  };
  const made = await change<NewKeyAnswer>('POST', '/keys', { label: 'Site' });
  await change('PATCH', `/keys/${made.id}`, { label: 'Shop', scopes: ['embed:read'] });
  const rolled = await change<NewKeyAnswer>('POST', `/keys/${made.id}/roll`, {
    overlap_seconds: 60,
  });
  await change('DELETE', `/keys/${made.id}`);
  await change('DELETE', `/keys?key_id=${rolled.id}`);
  await change('PUT', '/branding', { company_name: 'Firm', primary_color: '#10B981' });
  await change('PUT', '/origins', { allowed_origins: [] });
  await change('POST', '/embed-tokens', { widgets: ['stats-card'], expires_in: 60 });
  await change('DELETE', '/embed-tokens');
  await change('POST', '/addresses', { email: 'new@firm.example' });
  await change('DELETE', '/addresses/new@firm.example');
  const { now } = server.clock;
  const entries = await since(browser, before);
  assert.deepEqual(
    entries.map(({ action, subject, details }) => [action, subject, details]),
    [
      [
        'key.created',
        made.id,
        { label: 'Site', scopes: made.scopes, expires_at: null, allowed_origins: [] },
      ],
      [
        'key.changed',
        made.id,
        { label: 'Shop', scopes: ['embed:read'], expires_at: null, allowed_origins: [] },
      ],
      [
        'key.rolled',
        made.id,
        {
          label: 'Shop',
          scopes: ['embed:read'],
          expires_at: null,
          allowed_origins: [],
          replaced_by: rolled.id,
          old_expires_at: now + minute,
        },
      ],
      ['key.revoked', made.id, {}],
      ['key.revoked', rolled.id, {}],
      ['branding.changed', partner.id, { company_name: 'Firm', primary_color: '#10b981' }],
      ['origins.changed', partner.id, { allowed_origins: [] }],
      [
        'embed_token.created',
        null,
        {
          ...{ widgets: ['stats-card'], expires_at: now + minute },
          ...{ account_id: null, account_ids: null, user_id: null },
        },
      ],
      ['embed_tokens.revoked', partner.id, {}],
      ['address.added', 'new@firm.example', {}],
      ['address.removed', 'new@firm.example', {}],
    ],
  );
  for (const [index, entry] of entries.entries()) {
    assert.deepEqual([entry.actor, entry.at], [actor, now], entry.action);
    assert.equal(entry.number, before + 1 + index);
  }
});

test('what a key or its session does is in the audit trail with the key’s id and label', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const browser = await signInByKey(server, partner.key);
  const [opened] = (await auditOf(browser)).entries;
  const id = await sessionIdOf(browser);
  const key = opened!.details.key_id;
  assert.deepEqual(
    [opened!.action, opened!.subject, opened!.actor],
    ['session.opened', id, { type: 'session', id, name: 'Test', key_id: key }],
  );
  const headers = { 'X-API-Key': partner.key };
  const token = await browser.post(`${api}/embed-tokens`, {}, headers);
  assert.equal(token.status, 201);
  await browser.post(`${api}/embed-tokens`, {});
  await browser.send('PUT', `${api}/branding`, { body: { company_name: 'Firm' }, headers });
  const entries = await since(browser, opened!.number);
  assert.deepEqual(
    entries.map(({ action, actor, subject }) => [action, actor, subject]),
    [
      ['embed_token.created', { type: 'key', id: key, name: 'Test', key_id: null }, key],
      ['embed_token.created', { type: 'session', id, name: 'Test', key_id: key }, key],
      ['branding.changed', { type: 'key', id: key, name: 'Test', key_id: null }, partner.id],
    ],
  );
});

test('the audit trail records that sessions are opened and ended', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const watcher = await signIn(server, email);
  const before = (await auditOf(watcher)).entries[0]!.number;
  const browser = await signIn(server, email);
  const first = await sessionIdOf(browser);
  await signIn(server, email, browser);
  const second = await sessionIdOf(browser);
  await browser.send('DELETE', `${auth}/session`);
  assert.deepEqual(
    (await since(watcher, before)).map(({ action, subject, actor }) => [
      action,
      subject,
      actor.type,
      actor.id,
      actor.name,
    ]),
    [
      ['session.opened', first, 'session', first, email],
      ['session.ended', first, 'session', first, email],
      ['session.opened', second, 'session', second, email],
      ['session.ended', second, 'session', second, email],
    ],
  );
});

test('the audit trail records what the operator does as the operator’s', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  await partner.set({ billing_status: 'past_due' });
  const { entries } = await auditOf(await signIn(server, partner.email));
  const [changed, created] = entries.slice(1);
  assert.deepEqual(
    [changed?.action, changed?.details, created?.action],
    ['partner.changed', { billing_status: 'past_due' }, 'key.created'],
  );
  for (const entry of [changed, created]) {
    assert.deepEqual(entry?.actor, { type: 'operator', id: null, name: null, key_id: null });
  }
});

test('the audit trail is read in pages, which have each entry once', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  for (let times = 0; times < 6; times++) await partner.set({ is_active: 1 });
  const browser = await signIn(server, partner.email);
  const all = (await auditOf(browser)).entries.map(({ number }) => number);
  assert.deepEqual(all, [8, 7, 6, 5, 4, 3, 2, 1]);
  const read: number[] = [];
  let next: number | null = null;
  do {
    const page: AuditAnswer = await auditOf(browser, `?limit=3${next ? `&before=${next}` : ''}`);
    read.push(...page.entries.map(({ number }) => number));
    next = page.next;
    // Entries that are added meanwhile don't shift the pages.
    await partner.set({ is_active: 1 });
  } while (next !== null);
  assert.deepEqual(read, all);
  const exact = await auditOf(browser, '?limit=2&before=3');
  assert.deepEqual([exact.entries.map(({ number }) => number), exact.next], [[2, 1], null]);
  for (const query of ['limit=0', 'limit=201', 'before=0', 'before=x', 'before=1&before=2']) {
    assert.equal((await browser.get(`${api}/audit?${query}`)).status, 400, query);
  }
});

test('no secret of a key, token or session is in the audit trail or the database', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const browser = await signIn(server, partner.email);
  const made = (await (await browser.post(`${api}/keys`, {})).json()) as NewKeyAnswer;
  const rolled = (await (
    await browser.post(`${api}/keys/${made.id}/roll`, {})
  ).json()) as NewKeyAnswer;
  const token = (await (await browser.post(`${api}/embed-tokens`, {})).json()) as EmbedTokenAnswer;
  const byKey = await signInByKey(server, made.key);
  const trail =
    JSON.stringify(await auditOf(browser, '?limit=200')) + textOfTables(server.database);
  assert.match(trail, /embed_token\.created/);
  for (const secret of [
    made.key.slice(11),
    rolled.key.slice(11),
    token.token.slice(4, 40),
    token.token.split('.')[1]!,
    browser.cookies.get('pt_session')!,
    byKey.cookies.get('pt_session')!,
  ]) {
    assert.ok(!trail.includes(secret));
  }
});

test('the audit trail never shows entries of another partner', async (t) => {
  const server = await startTestServer(t);
  const mine = await makePartner(server.database);
  const theirs = await makePartner(server.database);
  const ours = await signIn(server, mine.email);
  const others = await signIn(server, theirs.email);
  await others.post(`${api}/addresses`, { email: 'theirs@other.example' });
  await others.post(`${api}/keys`, { label: 'Theirs' });
  const shown = JSON.stringify(await auditOf(ours, '?limit=200'));
  assert.doesNotMatch(shown, /theirs/i);
  assert.ok(!shown.includes(theirs.id) && !shown.includes(theirs.email));
  // Each partner's entries are numbered separately.
  assert.deepEqual(
    (await auditOf(ours)).entries.map(({ number }) => number),
    [2, 1],
  );
});

test('the audit trail can’t be read with a publishable key, or with a key in the query', async (t) => {
  const server = await startTestServer(t);
  const { newKey, key } = await makePartner(server.database);
  const ask = async (one: string) =>
    (await server.get(`${api}/audit`, { 'X-API-Key': one })).status;
  assert.equal(await ask(await newKey(['embed:read'])), 403);
  assert.equal(await ask(key), 200);
  assert.equal((await server.get(`${api}/audit?api_key=${key}`)).status, 401);
});

test('a change and its audit entry are stored together or not at all', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const browser = await signIn(server, partner.email);
  await browser.post(`${api}/addresses`, { email: 'second@firm.example' });
  const { id } = (await (await browser.post(`${api}/keys`, {})).json()) as NewKeyAnswer;
  const acts: [string, string, object?][] = [
    ['POST', `${api}/keys`, {}],
    ['PATCH', `${api}/keys/${id}`, { label: 'Other' }],
    ['POST', `${api}/keys/${id}/roll`, {}],
    ['DELETE', `${api}/keys/${id}`],
    ['PUT', `${api}/branding`, { company_name: 'Firm' }],
    ['PUT', `${api}/origins`, { allowed_origins: ['https://a.example'] }],
    ['DELETE', `${api}/embed-tokens`],
    ['POST', `${api}/addresses`, { email: 'third@firm.example' }],
    ['DELETE', `${api}/addresses/second@firm.example`],
    ['POST', `${auth}/session`, { api_key: partner.key }],
    ['DELETE', `${auth}/session`],
  ];
  const tables = ['keys', 'partners', 'sign_in_addresses', 'sessions'];
  const { handle } = server.database;
  const failing = (table: string, event: string) =>
    `create trigger fails_${table}_${event} before ${event} on ${table}
       begin select raise(abort, 'made to fail'); end`;
  const triggers = [
    // Either the entry can't be written, or the change can't.
    [failing('audit', 'insert')],
    tables.flatMap((table) => ['insert', 'update', 'delete'].map((event) => failing(table, event))),
  ];
  for (const failures of triggers) {
    const before = textOfTables(server.database);
    for (const failure of failures) handle.exec(failure);
    for (const [method, path, body] of acts) {
      const response = await browser.send(method, path, body ? { body } : {});
      assert.equal(response.status, 500, `${method} ${path}`);
    }
    for (const name of handle
      .prepare<[], string>(`select name from sqlite_schema where type = 'trigger'`)
      .pluck()
      .all()) {
      handle.exec(`drop trigger ${name}`);
    }
    assert.equal(textOfTables(server.database), before);
  }
  for (const [method, path, body] of acts) {
    const response = await browser.send(method, path, body ? { body } : {});
    assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  }
});

test('the audit trail records that sessions ended because their address was removed', async (t) => {
  const server = await startTestServer(t);
  const { id, email } = await makePartner(server.database);
  await addAddress(server.database, id, 'leaver@firm.example');
  const owner = await signIn(server, email);
  await signIn(server, 'leaver@firm.example');
  await owner.send('DELETE', `${api}/addresses/leaver@firm.example`);
  const { entries } = await auditOf(owner);
  assert.ok(entries.some(({ action }) => action === 'session.ended'));
});

test('the audit trail has values as the API takes them, not as the database holds them', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database, 'enterprise');
  const browser = await signIn(server, email);
  const origins = ['https://a.example', 'https://b.example'];
  await browser.send('PUT', `${api}/branding`, { body: { hide_powered_by: true } });
  await browser.send('PUT', `${api}/origins`, { body: { allowed_origins: origins } });
  const { entries } = (await (await browser.get(`${api}/audit`)).json()) as AuditAnswer;
  assert.deepEqual(
    entries.slice(0, 2).map(({ details }) => details),
    [{ allowed_origins: origins }, { hide_powered_by: true }],
  );
});

test('no label can make an audit entry of a key or its session look like that of a person', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const browser = await signInByKey(server, partner.key);
  const headers = { 'X-API-Key': partner.key };
  const { id } = (await (await browser.post(`${api}/keys`, {}, headers)).json()) as NewKeyAnswer;
  const [, , first] = (await auditOf(browser)).entries;
  const own = first?.subject;
  for (const label of [
    partner.email,
    partner.email.toUpperCase(),
    `<${partner.email}>`,
    partner.email.replace('@', '\uff20'),
    partner.email.replace('@', '\ufe6b'),
    partner.email.replace('@', ' @ '),
    'Site\u202e',
    'Site\u2028Shop',
    '\u3164',
  ]) {
    for (const [method, path] of [
      ['POST', '/keys'],
      ['PATCH', `/keys/${id}`],
    ] as const) {
      const refused = await browser.send(method, api + path, { body: { label }, headers });
      assert.equal(refused.status, 400, `${method} ${JSON.stringify(label)}`);
    }
  }
  // An old key may have such a label. It acts, and is then renamed.
  const key = first!.action === 'key.created' ? own! : '';
  const call = (label: string) =>
    server.database.write.updateTable('keys').set({ label }).where('id', '=', key).execute();
  await call(partner.email);
  const started = (await auditOf(browser)).entries[0]!.number;
  await browser.post(`${api}/embed-tokens`, {});
  await browser.post(`${api}/embed-tokens`, {}, headers);
  const later = await signInByKey(server, partner.key);
  await call('Site');
  await later.send('DELETE', `${auth}/session`);
  const entries = await since(browser, started);
  assert.deepEqual(
    entries.map(({ action }) => action),
    ['embed_token.created', 'embed_token.created', 'session.opened', 'session.ended'],
  );
  const name = partner.email.replace('@', ' (at) ');
  assert.deepEqual(
    entries.map(({ actor }) => [actor.type, actor.name, actor.key_id]),
    [
      ['session', name, key],
      ['key', name, null],
      ['session', name, key],
      ['session', 'Site', key],
    ],
  );
  assert.equal(entries[1]!.actor.id, key);
});
