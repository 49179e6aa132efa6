import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { minute } from '../../shared/time.ts';
import { type CommandLine, commandLine } from '../support/command.ts';
import { makeFirm, serve } from '../support/firm.ts';
import { plainCsv, tradesOf } from '../support/partner.ts';
import { testNow } from '../support/server.ts';

/** A firm with an account of so many trades, and the options that name it. */
async function setUp(t: TestContext, count: number) {
  const cli = commandLine(t);
  const partner = await makeFirm(cli);
  const file = path.join(cli.folder, 'trades.csv');
  const trades = tradesOf(
    Array.from({ length: count }, (_, index) => index - 1),
    testNow - minute,
  );
  writeFileSync(file, plainCsv(trades));
  const ofFirm = ['--partner', partner];
  const make = ['--nickname', 'Apex 50K', '--external-id', 'a1', '--balance', '50000.5'];
  await cli.json('account', 'create', ...ofFirm, ...make);
  await cli.json('import', file, ...ofFirm, '--account', 'ext:a1');
  return { cli, partner, ofFirm, ofAccount: [...ofFirm, '--account', 'ext:a1'] };
}

/** The files in a command line’s folder that are none of the database. */
function filesIn({ folder }: CommandLine): string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('test.db'));
}

test('export writes the same bytes as the API, to standard output or to a file of its owner alone', async (t) => {
  const { cli, partner, ofFirm, ofAccount } = await setUp(t, 600);
  const key = await cli.json<{ key: string }>(
    ...['key', 'create', ...ofFirm, '--label', 'Site', '--scopes', 'stats:read'],
  );
  const server = await serve(cli);
  const answered = async (query: string) => {
    const response = await fetch(
      `${server.address}/api/partner/trades.csv?account_id=ext:a1${query}`,
      { headers: { 'X-API-Key': key.key } },
    );
    return response.text();
  };
  for (const [options, query] of [
    [[], ''],
    [['--attempt', '1', '--status', 'closed', '--period', '1y'], '&attempt=1&period=1y'],
    [['--symbol', 'NQ', '--direction', 'short'], '&symbol=NQ&direction=short'],
  ] as const) {
    const { code, stdout, stderr } = await cli.run('export', ...ofAccount, ...options);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(stdout, await answered(query));
  }
  const whole = await answered('');
  assert.equal(whole.split('\r\n').length, 603);
  const file = path.join(cli.folder, 'history.csv');
  writeFileSync(file, 'an earlier export', { mode: 0o644 });
  const { code, stdout } = await cli.run('export', ...ofAccount, '--output', file);
  assert.deepEqual([code, stdout], [0, `Wrote ${file}.\n`]);
  assert.equal(readFileSync(file, 'utf8'), whole);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(filesIn(cli), ['history.csv', 'trades.csv']);
  await server.end();

  const said = await cli.json('import', file, ...ofFirm, '--new-account', 'Copy');
  const { id } = (said as { account: { id: string } }).account;
  const copy = await cli.run('export', '--partner', partner, '--account', id);
  assert.equal(copy.stdout, whole);
  assert.deepEqual(await cli.json('export', ...ofAccount, '--output', 'h.csv'), { file: 'h.csv' });
});

test('an export that can’t be written says so, and leaves nothing behind', async (t) => {
  const { cli, ofFirm, ofAccount } = await setUp(t, 3);
  mkdirSync(path.join(cli.folder, 'folder'));
  symlinkSync('trades.csv', path.join(cli.folder, 'link'));
  const files = filesIn(cli);
  for (const [options, message] of [
    [[...ofAccount, '--output', 'none/x.csv'], /^none\/x\.csv can’t be written \(ENOENT\)\. Check/],
    [[...ofAccount, '--output', 'folder'], /^folder is no file\. Name another\./],
    [[...ofAccount, '--output', 'link'], /^link is no file/],
    [[...ofAccount, '--output', '/dev/null'], /^\/dev\/null is no file/],
    [[...ofAccount, '--attempt', '2'], /has no attempt 2\./],
    [[...ofFirm, '--account', 'ext:a2'], /has no account ext:a2\. proptally account list/],
    [['--partner', 'ptr_0', '--account', 'ext:a1'], /There is no partner ptr_0\./],
    [['--db', 'none.db', ...ofAccount], /There is no database none\.db\./],
  ] as const) {
    const { code, stdout, stderr } = await cli.run('export', ...options);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, message);
  }
  assert.deepEqual(filesIn(cli), files);
});

test('an export ends quietly when its reader is gone', async (t) => {
  const { cli, ofAccount } = await setUp(t, 20_000);
  const child = cli.start('export', ...ofAccount);
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  await once(child.stdout, 'readable');
  child.stdout.destroy();
  const [code] = (await once(child, 'exit')) as [number | null];
  assert.deepEqual([code, said], [0, '']);
});
