import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportReport } from '../../server/ingest/report.ts';
import { checkSums } from '../../server/store/check-sums.ts';
import { openDatabase } from '../../server/store/database.ts';
import { day, minute } from '../../shared/time.ts';
import { widgetNames } from '../../shared/widgets.ts';
import { type CommandLine, commandLine, lineOf } from '../support/command.ts';
import { plainCsv, tradesOf } from '../support/partner.ts';

interface Made {
  partner: { id: string };
}

async function makePartner({ json }: CommandLine, tier = 'growth'): Promise<string> {
  const made = await json<Made>(
    ...['partner', 'create', '--name', 'Firm', '--email', 'ops@firm.example', '--tier', tier],
  );
  return made.partner.id;
}

function writeStatement({ folder }: CommandLine, text: string, name = 'trades.csv'): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

test('a partner is created, listed and changed, and no two have the same address', async (t) => {
  const cli = commandLine(t);
  const id = await makePartner(cli, 'starter');
  assert.match(id, /^ptr_[0-9a-f]{20}$/);
  const set = await cli.json<{ partner: { tier: string; is_active: boolean } }>(
    ...['partner', 'set', id, '--tier', 'enterprise', '--active', 'false'],
  );
  assert.equal(set.partner.tier, 'enterprise');
  assert.equal(set.partner.is_active, false);
  const { partners } = await cli.json<{ partners: { id: string; tier: string }[] }>(
    'partner',
    'list',
  );
  assert.deepEqual(
    partners.map((partner) => [partner.id, partner.tier]),
    [[id, 'enterprise']],
  );
  const again = await cli.run('partner', 'create', '--name', 'Two', '--email', 'ops@firm.example');
  assert.equal(again.code, 1);
  assert.match(again.stderr, /ops@firm\.example is there already/);
  assert.equal(again.stdout, '');
});

test('a key is shown once, listed by its prefix, revoked, and limited to the scopes of its tier', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli, 'starter');
  const made = await cli.json<{ key: string; id: string; scopes: string[]; expires_at: number }>(
    ...['key', 'create', '--partner', partner, '--label', 'Site', '--expires', '90d'],
  );
  assert.match(made.key, /^pt_[0-9a-f]{56}$/);
  assert.deepEqual(made.scopes, ['embed:read', 'stats:read', 'stats:aggregate', 'accounts:list']);
  assert.ok(Math.abs(made.expires_at - Date.now() - 90 * day) < minute);
  const listed = await cli.run('key', 'list', '--partner', partner);
  assert.match(listed.stdout, new RegExp(`${made.id}.*${made.key.slice(0, 11)}….*Site.*active`));
  assert.ok(!listed.stdout.includes(made.key));
  assert.equal((await cli.run('key', 'revoke', made.id)).code, 0);
  assert.match((await cli.run('key', 'list')).stdout, /revoked/);
  assert.equal((await cli.run('key', 'revoke', 'key_none')).code, 1);

  const beyond = await cli.run(
    'key',
    'create',
    '--partner',
    partner,
    '--scopes',
    'webhooks:manage',
  );
  assert.equal(beyond.code, 1);
  assert.match(beyond.stderr, /starter tier does not have the scope webhooks:manage/);
});

test('a partner has at most ten active keys', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  for (let made = 0; made < 9; made++) await cli.run('key', 'create', '--partner', partner);
  const race = await Promise.all(
    [1, 2, 3].map(() => cli.run('key', 'create', '--partner', partner)),
  );
  assert.deepEqual(race.map(({ code }) => code).sort(), [0, 1, 1]);
  assert.match(race.map(({ stderr }) => stderr).join(''), /at most 10 active keys/);
});

test('an import reports what it read, and the same file again adds nothing', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const file = writeStatement(cli, plainCsv(tradesOf([5, -2, 3])));
  const first = await cli.json<ImportReport>(
    ...['import', file, '--partner', partner, '--new-account', 'Apex 50K', '--balance', '50000'],
  );
  assert.deepEqual([first.read, first.added, first.already_there, first.kept], [3, 3, 0, true]);
  const account = first.account!.id!;
  const again = await cli.run('import', file, '--partner', partner, '--account', account);
  assert.equal(again.code, 0);
  assert.match(again.stdout, /Read 3 trades of .*: 0 added, 3 already there, 0 refused/);
  const one = writeStatement(cli, plainCsv(tradesOf([5])));
  const single = await cli.run('import', one, '--partner', partner, '--account', account);
  assert.match(single.stdout, /Read 1 trade of /);
});

test('an import with a refused row stores nothing, unless bad rows are skipped', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const lines = plainCsv(tradesOf([5, -2, 3])).split('\n');
  lines[2] = lines[2]!.replace('long', 'sideways');
  const file = writeStatement(cli, lines.join('\n'));
  const args = ['import', file, '--partner', partner, '--new-account', 'Apex 50K'];
  const refused = await cli.run(...args);
  assert.equal(refused.code, 3);
  assert.match(refused.stdout, /Line 3: .*direction/);
  assert.match(refused.stdout, /Nothing was kept.*--skip-bad/);
  const report = await cli.json<ImportReport>(...args);
  assert.deepEqual([report.kept, report.account, report.refused], [false, null, 1]);
  const skipped = await cli.json<ImportReport>(...args, '--skip-bad');
  assert.deepEqual([skipped.kept, skipped.added, skipped.refused], [true, 2, 1]);
});

test('a dry run reports what would be imported, and stores nothing', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const file = writeStatement(cli, plainCsv(tradesOf([5, -2])));
  const args = ['import', file, '--partner', partner, '--new-account', 'Apex 50K'];
  for (let times = 0; times < 2; times++) {
    const report = await cli.json<ImportReport>(...args, '--dry-run');
    assert.deepEqual([report.added, report.kept, report.dry_run], [2, false, true]);
  }
});

test('a command that fails says what to correct, without a stack trace', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const picture = writeStatement(cli, '\u0000\u0001 no statement', 'photo.jpg');
  const good = writeStatement(cli, plainCsv(tradesOf([5])));
  const into = ['--partner', partner, '--new-account', 'A'];
  const cases: [string[], number, RegExp][] = [
    [['import', picture, ...into], 1, /no statement PropTally knows.*--format/],
    [['import', path.join(cli.folder, 'none.csv'), ...into], 1, /There is no file .*none\.csv/],
    [['import', cli.folder, ...into], 1, /is a folder/],
    [
      ['import', good, '--partner', 'ptr_x', '--new-account', 'A'],
      1,
      /no partner ptr_x.*partner list/,
    ],
    [['import', good, '--partner', partner, '--account', 'acc_x'], 1, /no account acc_x/],
    [['import', good, '--partner', partner], 1, /--account .* --new-account/],
    [['import', good, ...into, '--timezone', 'Mars/Olympus'], 1, /no time zone "Mars\/Olympus"/],
    [['key', 'create', '--partner', partner, '--expires', 'soon'], 2, /90d or 12h/],
    [['key', 'create', '--partner', partner, '--scopes', 'all'], 2, /no scope "all"/],
    [['serve', '--port', '99999'], 2, /whole number from 0 to 65535/],
    [['serve', '--public-url', 'nowhere'], 2, /http or https address/],
    [['serve', '--trusted-proxy', '10.0.0.0/99'], 2, /no IP address/],
    [['serve', '--answer-memory', '0'], 2, /whole number from 1/],
    [['partner', 'list', '--db', path.join(cli.folder, 'no', 'such', 'x.db')], 1, /folder of --db/],
    [['partner', 'list', '--db', picture], 1, /no PropTally database/],
    [['juggle'], 2, /unknown command/],
  ];
  for (const [args, code, sentence] of cases) {
    const outcome = await cli.run(...args);
    assert.equal(outcome.code, code, args.join(' '));
    assert.match(outcome.stderr, sentence);
    assert.doesNotMatch(outcome.stderr, /\n {4}at /, args.join(' '));
  }
});

test('serve prints its address, answers, refuses a port in use and a key revoked elsewhere, and exits soon after SIGTERM', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const { key } = await cli.json<{ key: string }>('key', 'create', '--partner', partner);
  const server = cli.start('serve', '--port', '0');
  const address = await lineOf(server, /(http:\S+)/);
  const ask = () => fetch(`${address}/api/partner/stats`, { headers: { 'X-API-Key': key } });
  assert.equal((await ask()).status, 200);
  const second = await cli.run('serve', '--port', new URL(address).port);
  assert.equal(second.code, 1);
  assert.match(second.stderr, /Port \d+ is in use.*--port/);

  // A key that another process revokes is refused here from the next request on.
  const { keys } = await cli.json<{ keys: { id: string }[] }>('key', 'list');
  await cli.run('key', 'revoke', keys[0]!.id);
  assert.equal((await ask()).status, 403);

  const ended = once(server, 'exit');
  const started = performance.now();
  server.kill('SIGTERM');
  const [code] = await ended;
  assert.equal(code, 0);
  // The open keep-alive connection would otherwise delay the exit by five seconds.
  assert.ok(performance.now() - started < 4_500);
});

test('settings may come from the environment, and are checked at start', async (t) => {
  const cli = commandLine(t, { PROPTALLY_PORT: 'http' });
  const outcome = await cli.run('serve');
  assert.equal(outcome.code, 2);
  assert.match(outcome.stderr, /PROPTALLY_PORT.*whole number/);
});

test('a backup taken while the server runs can be opened, and none overwrites a file', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const file = writeStatement(cli, plainCsv(tradesOf([5, -2, 3])));
  await cli.run('import', file, '--partner', partner, '--new-account', 'Apex 50K');
  const server = cli.start('serve', '--port', '0');
  await lineOf(server, /(http:\S+)/);
  const copy = path.join(cli.folder, 'copy.db');
  assert.equal((await cli.run('backup', copy)).code, 0);
  const listed = await cli.json<{ partners: { id: string }[] }>('partner', 'list', '--db', copy);
  assert.equal(listed.partners[0]?.id, partner);
  const again = await cli.run('backup', copy);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /there already/);
});

test('a Node that is too old is refused with the version that is needed', () => {
  const older = "Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })";
  const program = path.resolve(import.meta.dirname, '../../server/bin.js');
  const options = [`--import=data:text/javascript,${encodeURIComponent(older)}`, program];
  const { status, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /needs Node 24 or later; this is Node 20\.20\.2/);
});

test('a database in a folder that cannot be written is refused in a sentence', {
  skip: process.getuid?.() === 0 && 'root may write anywhere',
}, async (t) => {
  const cli = commandLine(t);
  const folder = path.join(cli.folder, 'locked');
  mkdirSync(folder);
  chmodSync(folder, 0o500);
  const outcome = await cli.run('partner', 'list', '--db', path.join(folder, 'x.db'));
  assert.equal(outcome.code, 1);
  assert.match(outcome.stderr, /folder of --db/);
});

test('the demo serves pages of working widgets, and has the same keys and account when started again', async (t) => {
  const cli = commandLine(t);
  const starts = [];
  for (let times = 0; times < 2; times++) {
    const server = cli.start('demo', '--port', '0', '--json');
    const demo = JSON.parse(await lineOf(server, /\{[^}]+\}/)) as {
      address: string;
      key: string;
      publishable_key: string;
      account_id: string;
      trader_link: string;
    };
    const account = `${demo.address}/api/partner/accounts/${demo.account_id}`;
    const shown = await fetch(account, { headers: { 'X-API-Key': demo.key } });
    assert.equal(((await shown.json()) as { open_pnl: number }).open_pnl, 437.5);
    assert.match(await (await fetch(demo.trader_link)).text(), /<button/);
    const page = await (await fetch(`${demo.address}/`)).text();
    for (const name of widgetNames) assert.ok(page.includes(`<pt-${name} `), name);
    const strict = await (await fetch(`${demo.address}/strict`)).text();
    const frames = [...strict.matchAll(/<iframe[^>]* src="([^"]+)"/g)];
    assert.equal(frames.length, 11);
    for (const [, address] of frames) {
      const shell = await fetch(demo.address + address!.replaceAll('&amp;', '&'));
      assert.equal(shell.status, 200);
      assert.match(await shell.text(), /Apex 50K/);
    }
    const received = await (await fetch(`${demo.address}/receiver`)).text();
    assert.ok(!(page + strict + received).includes(demo.key));
    starts.push({ ...demo, address: '', trader_link: '' });
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    await ended;
  }
  assert.deepEqual(starts[0], starts[1]);
});

test('a trade that is posted to the demo arrives at its receiver, which takes what is signed alone', async (t) => {
  const cli = commandLine(t);
  const server = cli.start('demo', '--port', '0');
  const printed = await lineOf(server, /[\s\S]*Ctrl-C/);
  const address = /Its webhooks +(http:\S+)\/receiver/.exec(printed)![1];
  const curl = /curl -H "X-API-Key: (\S+)" --json '(.+)' http/;
  const [, key = '', body = ''] = curl.exec(printed)!;
  const posted = await fetch(`${address}/api/partner/trades`, {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
    body: body.replaceAll("'$(date +%s)'", String(Math.floor(Date.now() / 1_000))),
  });
  assert.equal(posted.status, 201);
  const { id } = (await posted.json()) as { id: string };
  const forged = await fetch(`${address}/hook`, { method: 'POST', body: '{"event":"test"}' });
  assert.equal(forged.status, 400);
  const received = async () =>
    (await (await fetch(`${address}/received`)).json()) as { data: { trade_id?: string } }[];
  while (!(await received()).some(({ data }) => data.trade_id === id)) await sleep(50);
});

test('the demo refuses a database that has other partners', async (t) => {
  const cli = commandLine(t);
  await makePartner(cli);
  const outcome = await cli.run('demo', '--port', '0');
  assert.equal(outcome.code, 1);
  assert.match(outcome.stderr, /partners of its own.*--db/);
});

test('an import that is killed is taken back by the next command, and its sums are true until then', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const large = tradesOf(Array.from({ length: 60_000 }, () => 1));
  const [file, small] = [large, large.slice(0, 3)].map((trades) =>
    writeStatement(cli, plainCsv(trades), `${trades.length}.csv`),
  ) as [string, string];
  const database = await openDatabase(path.join(cli.folder, 'test.db'));
  t.after(() => database.close());
  const count = (what: string) =>
    database.handle.prepare<[], number>(`select ${what}`).pluck().get()!;
  const running = cli.start('import', file, '--partner', partner, '--new-account', 'Killed');
  const ended = once(running, 'exit');
  while (count('coalesce(max(passed), 0) from imports') === 0) await sleep(5);
  running.kill('SIGKILL');
  await ended;
  const left = count('count(*) from trades');
  assert.ok(left > 0 && left < 60_000, `${left} trades`);
  assert.deepEqual(checkSums(database.handle), []);
  await cli.run('import', small, '--partner', partner, '--new-account', 'Next');
  assert.equal(count('count(*) from trades'), 3);
  assert.deepEqual(checkSums(database.handle), []);
});

test('serve exits soon after SIGTERM while a client stalls in the middle of its request', async (t) => {
  const cli = commandLine(t);
  const server = cli.start('serve', '--port', '0');
  const address = await lineOf(server, /(http:\S+)/);
  const silent = connect(Number(new URL(address).port), '127.0.0.1');
  await once(silent, 'connect');
  silent.write('GET /health HTTP/1.1\r\n');
  silent.on('error', () => {});
  const started = performance.now();
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
  // Otherwise the client would have ten seconds to send the rest of its headers.
  assert.ok(performance.now() - started < 5_000);
});

test('an import reports the currency of the file and trades in the future, and refuses another currency', async (t) => {
  const cli = commandLine(t);
  const partner = await makePartner(cli);
  const [header, row] = plainCsv(tradesOf([5], Date.UTC(2050, 0))).split('\n');
  const file = writeStatement(cli, `${header},currency\n${row},JPY\n`);
  const made = await cli.run('import', file, '--partner', partner, '--new-account', 'Tokyo');
  assert.equal(made.code, 0);
  assert.match(made.stdout, /Made acc_\S+ \(Tokyo\), in JPY\./);
  assert.match(made.stdout, /In the future, perhaps by a mistyped year: 1 trade \(line 2\)\./);
  const wrong = await cli.run(
    ...['import', file, '--partner', partner, '--new-account', 'Tokyo', '--currency', 'USD'],
  );
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /The file is in JPY, not in USD\. Nothing was kept\./);
});
