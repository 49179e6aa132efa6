import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { allowances } from '../../shared/access.ts';
import type { AuditEntry } from '../../shared/answers/audit.ts';
import type { KeySummary, RolledKeyAnswer } from '../../shared/answers/keys.ts';
import type { DashboardAnswer, EmbedTokenAnswer } from '../../shared/answers/partner.ts';
import { hour, minute } from '../../shared/time.ts';
import { commandLine } from '../support/command.ts';
import { firmEmail as email, makeFirm as makePartner, serve } from '../support/firm.ts';
import { plainCsv, tradesOf } from '../support/partner.ts';
import { auth, Browser, isSignedIn, tokenOf } from '../support/session.ts';

type MadeKey = KeySummary & { key: string };

test('a key is created from a preset and for certain origins, and changed, within the scopes of its tier', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli, 'starter');
  const made = await cli.json<MadeKey>(
    ...['key', 'create', '--partner', partner, '--preset', 'full', '--label', 'Site'],
    ...['--origins', 'https://a.example, https://B.example:443'],
  );
  assert.deepEqual(made.scopes, allowances.starter.scopes);
  assert.deepEqual(made.allowed_origins, ['https://a.example', 'https://b.example']);
  const changed = await cli.json<KeySummary>(
    ...['key', 'set', made.id, '--label', 'Shop', '--scopes', 'embed:read,stats:read'],
    ...['--origins', 'any', '--expires', '12h'],
  );
  assert.deepEqual(
    [changed.label, changed.scopes, changed.allowed_origins],
    ['Shop', ['embed:read', 'stats:read'], []],
  );
  assert.ok(Math.abs(changed.expires_at! - Date.now() - 12 * hour) < minute);
  const more = await cli.json<KeySummary>('key', 'set', made.id, '--scopes', 'accounts:list');
  assert.deepEqual(more.scopes, ['accounts:list']);
  const beyond = await cli.run('key', 'set', made.id, '--scopes', 'webhooks:manage');
  assert.equal(beyond.code, 1);
  assert.match(beyond.stderr, /starter tier does not have the scope webhooks:manage/);
  const none = await cli.run(
    ...['key', 'create', '--partner', partner, '--scopes', 'webhooks:manage', '--json'],
  );
  assert.equal(none.code, 1);
  assert.match(none.stderr, /starter tier does not have the scope webhooks:manage/);
  assert.equal(none.stdout, '');
});

test('a rolled key and its replacement both work until the overlap ends', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const server = await serve(cli);
  const old = await cli.json<MadeKey>('key', 'create', '--partner', partner);
  const rolled = await cli.json<RolledKeyAnswer>('key', 'roll', old.id, '--overlap', '60');
  assert.equal(rolled.replaces.id, old.id);
  assert.ok(Math.abs(rolled.replaces.expires_at - Date.now() - minute) < 30_000);
  const stats = '/api/partner/stats';
  assert.deepEqual(
    [await server.ask(stats, old.key), await server.ask(stats, rolled.key)],
    [200, 200],
  );
  assert.match((await cli.run('key', 'list')).stdout, new RegExp(`${old.id}.* rolled `));
  const again = await cli.run('key', 'roll', old.id);
  assert.equal(again.code, 1);
  assert.match(again.stderr, new RegExp(`was replaced by ${rolled.id}`));
  const { key } = await cli.json<MadeKey>('key', 'roll', rolled.id, '--overlap', '0');
  assert.deepEqual([await server.ask(stats, rolled.key), await server.ask(stats, key)], [403, 200]);
});

test('a brand is set field by field, and shown', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli, 'enterprise');
  await cli.run(
    'brand',
    'set',
    partner,
    '--primary-color',
    '#10B981',
    '--company-name',
    'Firm & Co',
  );
  await cli.run('brand', 'set', partner, '--logo-url-dark', 'https://firm.example/dark.svg');
  await cli.run('brand', 'set', partner, '--hide-powered-by', 'true');
  const shown = await cli.json<{ branding: object }>('brand', 'show', partner);
  assert.deepEqual(shown.branding, {
    primary_color: '#10b981',
    logo_url: null,
    logo_url_light: null,
    logo_url_dark: 'https://firm.example/dark.svg',
    company_name: 'Firm & Co',
    hide_powered_by: true,
  });
  await cli.run('partner', 'set', partner, '--tier', 'growth');
  const hiding = await cli.run('brand', 'set', partner, '--hide-powered-by', 'true');
  assert.equal(hiding.code, 1);
  assert.match(hiding.stderr, /growth tier can’t hide/);
  assert.match((await cli.run('brand', 'show', partner)).stdout, /primary_color +#10b981/);
});

test('allowed origins are set, shown, and set to any; a key can’t have others', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const origins = ['https://app.firm.example', 'http://localhost:3000'];
  await cli.run('origins', 'set', partner, origins.join(','));
  const shown = await cli.json<{ allowed_origins: string[] }>('origins', 'show', partner);
  assert.deepEqual(shown.allowed_origins, origins);
  const beyond = await cli.run(
    ...['key', 'create', '--partner', partner, '--origins', 'https://other.example'],
  );
  assert.equal(beyond.code, 1);
  assert.match(beyond.stderr, /do not have https:\/\/other\.example/);
  const free = await cli.run('origins', 'set', partner, 'any');
  assert.deepEqual([free.code, free.stdout], [0, 'Any page may.\n']);
});

test('an embed token opens its widgets and account on a running server, until tokens are revoked', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const file = path.join(cli.folder, 'trades.csv');
  writeFileSync(file, plainCsv(tradesOf([5, -2])));
  const { account } = await cli.json<{ account: { id: string } }>(
    ...['import', file, '--partner', partner, '--new-account', 'Apex 50K'],
  );
  const server = await serve(cli);
  const made = await cli.json<EmbedTokenAnswer>(
    ...['token', 'create', partner, '--widgets', 'stats-card,win-streak'],
    ...['--account', account.id, '--expires-in', '60'],
  );
  assert.deepEqual([made.widgets, made.account_id], [['stats-card', 'win-streak'], account.id]);
  assert.ok(Math.abs(made.expires_at - Date.now() - minute) < 30_000);
  const shell = (widget: string, token = made.token) =>
    server.ask(`/embed/partner/${widget}?token=${token}`);
  assert.deepEqual([await shell('stats-card'), await shell('risk-metrics')], [200, 403]);
  assert.equal(await shell('stats-card', `${made.token}&account_id=acc_other`), 403);
  const printed = await cli.run('token', 'create', partner);
  assert.equal(await shell('risk-metrics', printed.stdout.trim()), 200);
  assert.equal((await cli.run('token', 'revoke', partner)).code, 0);
  assert.deepEqual(
    [await shell('stats-card'), await shell('risk-metrics', printed.stdout.trim())],
    [403, 403],
  );
});

test('sign-in addresses are added, listed and removed, and a printed link signs in by a button on its page', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const listed = async () =>
    (await cli.json<{ addresses: { email: string }[] }>('sign-in', 'list', partner)).addresses.map(
      (address) => address.email,
    );
  assert.equal((await cli.run('sign-in', 'add', partner, 'Second@Firm.example')).code, 0);
  assert.deepEqual(await listed(), [email, 'second@firm.example']);
  const server = await serve(cli);
  const sessions = [];
  for (const address of [email, 'second@firm.example']) {
    const { link } = await cli.json<{ link: string }>(
      ...['sign-in', 'link', partner, address, '--public-url', server.address],
    );
    assert.ok(link.startsWith(`${server.address}/`));
    const browser = new Browser(server);
    const page = await browser.get(link.slice(server.address.length));
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<button/);
    const pressed = await browser.post(`${auth}/verify`, { token: tokenOf(link) });
    assert.equal(pressed.status, 201);
    sessions.push(browser);
  }
  const [first, second] = sessions as [Browser, Browser];
  assert.equal(
    (await cli.run('sign-in', 'end', partner, '--email', email)).stdout,
    'Ended 1 session.\n',
  );
  assert.deepEqual([await isSignedIn(first), await isSignedIn(second)], [false, true]);
  assert.equal((await cli.run('sign-in', 'remove', partner, 'second@firm.example')).code, 0);
  assert.equal(await isSignedIn(second), false);
  assert.deepEqual(await listed(), [email]);
  assert.equal((await cli.run('sign-in', 'end', partner)).stdout, 'Ended 0 sessions.\n');
  const unknown = await cli.run('sign-in', 'link', partner, 'second@firm.example');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /sign-in add adds it/);
});

test('the operator’s actions are in the audit trail, and shown', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  assert.equal((await cli.run('audit', partner)).stdout, 'Nothing yet.\n');
  await cli.run('partner', 'set', partner, '--billing', 'trialing');
  await cli.run('sign-in', 'add', partner, 'second@firm.example');
  await cli.run('brand', 'set', partner, '--company-name', 'Firm');
  const { entries } = await cli.json<{ entries: AuditEntry[] }>('audit', partner, '--limit', '2');
  assert.deepEqual(
    entries.map(({ number, action, subject, actor }) => [number, action, subject, actor.type]),
    [
      [3, 'branding.changed', partner, 'operator'],
      [2, 'address.added', 'second@firm.example', 'operator'],
    ],
  );
  assert.match((await cli.run('audit', partner)).stdout, /operator +partner\.changed .*trialing/);
});

test('partner show has the figures of the partner’s own dashboard', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const { key } = await cli.json<MadeKey>('key', 'create', '--partner', partner, '--label', 'Site');
  const server = await serve(cli);
  await server.ask('/api/partner/stats', key);
  await server.ask('/api/partner/stats?period=x', key);
  await server.end();
  await cli.run('partner', 'set', partner, '--billing', 'past_due');
  const shown = await cli.json<DashboardAnswer>('partner', 'show', partner);
  assert.equal(shown.partner.billing_status, 'past_due');
  assert.deepEqual([shown.usage.total_30d, shown.usage.errors_30d], [2, 1]);
  assert.equal(shown.keys[0]?.requests_today, 2);
  const text = (await cli.run('partner', 'show', partner)).stdout;
  assert.match(text, /^Firm, growth, past_due: 2 requests in 30 days/);
  assert.match(text, /Site +active +2 /);
  assert.ok(!text.includes(key.slice(0, 20)));
});

test('partner set says which trading days are in force and which are coming, and partner show, too', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const file = path.join(cli.folder, 'trades.csv');
  writeFileSync(file, plainCsv(tradesOf([10, -5])));
  await cli.run('import', file, '--partner', partner, '--new-account', 'One');
  const set = (...days: string[]) => cli.run('partner', 'set', partner, ...days);
  const shown = async () => (await cli.run('partner', 'show', partner)).stdout.split('\n')[1];
  assert.equal(await shown(), 'Trading days begin at 00:00 in UTC.');

  const changed = await set('--day-zone', 'America/Chicago', '--day-start', '17:00');
  assert.deepEqual(changed.stdout.split('\n'), [
    'Trading days begin at 00:00 in UTC, and at 17:00 in America/Chicago once all figures are summed for that.',
    `${partner} is active on growth.`,
    'Trading days begin at 17:00 in America/Chicago.',
    '',
  ]);
  assert.equal(await shown(), 'Trading days begin at 17:00 in America/Chicago.');
  const same = await set('--day-start', '17:00');
  assert.deepEqual(same.stdout.split('\n').slice(1), [
    'Trading days begin at 17:00 in America/Chicago.',
    '',
  ]);
  assert.doesNotMatch((await set('--tier', 'enterprise')).stdout, /days/);
  const asJson = await cli.json<{ partner: { day_zone: string; day_start: string } }>(
    ...['partner', 'set', partner, '--day-zone', 'Europe/Berlin'],
  );
  assert.equal(asJson.partner.day_zone, 'Europe/Berlin');
  assert.equal(asJson.partner.day_start, '17:00');
});

test('an invalid value exits with 2 and an unknown id with 1, each with a sentence on stderr', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const { id } = await cli.json<MadeKey>('key', 'create', '--partner', partner);
  const cases: [string[], number, RegExp][] = [
    [['key', 'create', '--partner', partner, '--preset', 'all'], 2, /read-only, write, full/],
    [['key', 'create', '--partner', partner, '--origins', 'firm.example'], 2, /origin such as/],
    [
      ['key', 'create', '--partner', partner, '--scopes', 'embed:read', '--preset', 'full'],
      2,
      /conflict|cannot be used/,
    ],
    [['key', 'create', '--partner', 'ptr_none'], 1, /no partner ptr_none/],
    [['key', 'set', id, '--expires', 'soon'], 2, /90d or 12h/],
    [['key', 'set', id], 1, /--label, --scopes, --origins, --expires or --active/],
    [['key', 'set', 'key_none', '--label', 'x'], 1, /no key key_none/],
    [['key', 'roll', id, '--overlap', '-1'], 2, /0 to \d+ seconds/],
    [['key', 'roll', 'key_none'], 1, /no key key_none/],
    [['brand', 'set', partner, '--primary-color', 'green'], 2, /colour such as #10b981/],
    [['brand', 'set', partner, '--logo-url', 'http://x.example/a.png'], 2, /https address/],
    [['brand', 'set', partner], 1, /Say what to change/],
    [['brand', 'show', 'ptr_none'], 1, /no partner ptr_none/],
    [['origins', 'set', partner, 'https://a.example/path'], 2, /without a path/],
    [['origins', 'set', 'ptr_none', 'any'], 1, /no partner ptr_none/],
    [['token', 'create', partner, '--expires-in', '86401'], 2, /from 1 to 86400/],
    [['token', 'create', partner, '--account', 'acc_none'], 1, /no account acc_none/],
    [['token', 'revoke', 'ptr_none'], 1, /no partner ptr_none/],
    [['sign-in', 'add', partner, 'nobody'], 2, /e-mail address/],
    [['sign-in', 'remove', partner, 'x@firm.example'], 1, /does not sign in/],
    [['sign-in', 'link', partner, email, '--public-url', 'firm.example'], 2, /http or https/],
    [['audit', partner, '--limit', '0'], 2, /from 1 to 1000/],
    [['audit', 'ptr_none'], 1, /no partner ptr_none/],
    [['partner', 'set', partner, '--billing', 'paid'], 2, /active, trialing, past_due, canceled/],
    [['partner', 'show', 'ptr_none'], 1, /no partner ptr_none/],
  ];
  await Promise.all(
    cases.map(async ([args, code, sentence]) => {
      const outcome = await cli.run(...args);
      assert.equal(outcome.code, code, `${args.join(' ')}: ${outcome.stderr}`);
      assert.match(outcome.stderr, sentence);
      assert.equal(outcome.stdout, '', args.join(' '));
      assert.doesNotMatch(outcome.stderr, /\n {4}at /, args.join(' '));
    }),
  );
});

test('with --json commands print nothing but JSON', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const { id } = await cli.json<MadeKey>('key', 'create', '--partner', partner);
  for (const args of [
    ['key', 'set', id, '--label', 'x'],
    ['key', 'roll', id],
    ['key', 'revoke', id],
    ['brand', 'set', partner, '--company-name', 'Firm'],
    ['origins', 'set', partner, 'any'],
    ['token', 'create', partner],
    ['token', 'revoke', partner],
    ['sign-in', 'add', partner, 'second@firm.example'],
    ['sign-in', 'link', partner, email],
    ['sign-in', 'remove', partner, 'second@firm.example'],
    ['sign-in', 'end', partner],
    ['audit', partner],
    ['partner', 'show', partner],
    ['partner', 'set', partner, '--billing', 'active'],
  ]) {
    const { code, stdout, stderr } = await cli.run(...args, '--json');
    assert.deepEqual([code, stderr], [0, ''], args.join(' '));
    assert.equal(typeof JSON.parse(stdout), 'object', args.join(' '));
  }
});

test('commands that run at the same time wait for each other’s locks', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli, 'growth');
  for (let round = 0; round < 4; round++) {
    const outcomes = await Promise.all(
      [1, 2, 3, 4, 5].map(() => cli.run('token', 'create', partner)),
    );
    assert.deepEqual(
      outcomes.map(({ stderr }) => stderr),
      ['', '', '', '', ''],
    );
  }
});

test('each field of a brand is cleared by the value none', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli, 'enterprise');
  const fields = {
    'primary-color': '#10b981',
    'logo-url': 'https://firm.example/logo.svg',
    'logo-url-light': 'https://firm.example/light.svg',
    'logo-url-dark': 'https://firm.example/dark.svg',
    'company-name': 'Firm',
  };
  const options = Object.entries(fields);
  await cli.run(
    'brand',
    'set',
    partner,
    ...options.flatMap(([name, value]) => [`--${name}`, value]),
  );
  await cli.run('brand', 'set', partner, ...options.flatMap(([name]) => [`--${name}`, 'none']));
  const { branding } = await cli.json<{ branding: object }>('brand', 'show', partner);
  assert.deepEqual(branding, {
    primary_color: null,
    logo_url: null,
    logo_url_light: null,
    logo_url_dark: null,
    company_name: null,
    hide_powered_by: false,
  });
});

test('an unknown widget or choice exits with 2', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli, 'enterprise');
  const outcomes = [
    await cli.run('token', 'create', partner, '--widgets', 'stats-card,nope'),
    await cli.run('brand', 'set', partner, '--hide-powered-by', 'maybe'),
  ];
  assert.deepEqual(
    outcomes.map(({ code }) => code),
    [2, 2],
  );
});

test('a key that expires can be rolled into one that never does, or changed to never expire', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const made = await cli.json<MadeKey>('key', 'create', '--partner', partner, '--expires', '12h');
  assert.notEqual(made.expires_at, null);
  const rolled = await cli.json<MadeKey>('key', 'roll', made.id, '--expires', 'never');
  assert.equal(rolled.expires_at, null);
  await cli.run('key', 'set', rolled.id, '--expires', '12h');
  const changed = await cli.json<KeySummary>('key', 'set', rolled.id, '--expires', 'never');
  assert.equal(changed.expires_at, null);
});

test('a partner’s name and address are changed, and its sign-in follows', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  await cli.run('partner', 'create', '--name', 'Two', '--email', 'two@firm.example');
  const link = await cli.run('sign-in', 'link', partner, email);
  const server = await serve(cli);
  const set = await cli.json<{ partner: { name: string; email: string } }>(
    ...['partner', 'set', partner, '--name', 'New Firm', '--email', 'New@Firm.example'],
  );
  assert.deepEqual([set.partner.name, set.partner.email], ['New Firm', 'new@firm.example']);
  const addresses = async () =>
    (await cli.run('sign-in', 'list', partner)).stdout.trim().split('\n');
  assert.deepEqual(await addresses(), ['new@firm.example']);
  const token = tokenOf(link.stdout);
  const pressed = await new Browser(server).post(`${auth}/verify`, { token });
  assert.notEqual(pressed.status, 201, 'A link of the address before works on');
  const { entries } = await cli.json<{ entries: AuditEntry[] }>('audit', partner, '--limit', '3');
  assert.deepEqual(entries.find(({ action }) => action === 'partner.changed')?.details, {
    name: 'New Firm',
    email: 'new@firm.example',
  });
  const taken = await cli.run('partner', 'set', partner, '--email', 'two@firm.example');
  assert.equal(taken.code, 1);
  assert.match(taken.stderr, /two@firm\.example is there already/);

  // Changing an address that may no longer sign in does not let the new one sign in.
  await cli.run('sign-in', 'add', partner, 'other@firm.example');
  await cli.run('sign-in', 'remove', partner, 'new@firm.example');
  await cli.run('partner', 'set', partner, '--email', 'billing@firm.example');
  assert.deepEqual(await addresses(), ['other@firm.example']);
});

test('a partner’s currency can be changed only while no account has another', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const { key } = await cli.json<MadeKey>('key', 'create', '--partner', partner);
  const server = await serve(cli);
  const stats = async () => {
    const url = `${server.address}/api/partner/stats?period=all`;
    const response = await fetch(url, { headers: { 'X-API-Key': key } });
    return ((await response.json()) as { currency: string }).currency;
  };
  assert.equal(await stats(), 'USD');
  assert.equal((await cli.run('partner', 'set', partner, '--currency', 'EUR')).code, 0);
  assert.equal(await stats(), 'EUR');
  const file = path.join(cli.folder, 'trades.csv');
  writeFileSync(file, plainCsv(tradesOf([5, -2])));
  await cli.run('import', file, '--partner', partner, '--new-account', 'A');
  const refused = await cli.run('partner', 'set', partner, '--currency', 'USD', '--name', 'Other');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /1 of its accounts has another currency than USD/);
  assert.equal(await stats(), 'EUR');
  assert.match((await cli.run('partner', 'list')).stdout, /Firm/);
  assert.equal((await cli.run('partner', 'set', partner, '--currency', 'usd')).code, 2);
  assert.equal((await cli.run('partner', 'set', partner, '--currency', 'EUR')).code, 0);
});
