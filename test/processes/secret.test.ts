import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import type { EmbedTokenAnswer } from '../../shared/answers/partner.ts';
import { commandLine } from '../support/command.ts';
import { holdOpen, makeFirm, serve } from '../support/firm.ts';

test('a secret that is too short is refused at start, in a sentence', async (t) => {
  const cli = commandLine(t, { PROPTALLY_SECRET: 'x'.repeat(31) });
  const partner = await makeFirm(cli);
  for (const args of [
    ['serve', '--port', '0'],
    ['token', 'create', partner],
  ]) {
    const { code, stdout, stderr } = await cli.run(...args);
    assert.deepEqual([code, stdout], [1, ''], args[0]);
    assert.equal(stderr, 'PROPTALLY_SECRET must have at least 32 characters.\n');
  }
});

test('processes that start together make one secret, in a file that only its owner can read', async (t) => {
  const cli = commandLine(t);
  await holdOpen(t, cli);
  const partner = await makeFirm(cli);
  const [one, other, ...tokens] = await Promise.all([
    serve(cli),
    serve(cli),
    ...[1, 2, 3].map(() => cli.json<EmbedTokenAnswer>('token', 'create', partner)),
  ] as const);
  const file = path.join(cli.folder, 'test.db-secret');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(readFileSync(file, 'utf8'), /^[0-9a-f]{64}\n$/);
  const secrets = readdirSync(cli.folder).filter((name) => name.includes('secret'));
  assert.deepEqual(secrets, ['test.db-secret']);
  for (const { token } of tokens) {
    for (const server of [one!, other!]) {
      assert.equal(await server.ask(`/embed/partner/stats-card?token=${token}`), 200);
    }
  }
});

test('a backup includes the secret: tokens signed before it are valid after a restore', async (t) => {
  const cli = commandLine(t);
  const partner = await makeFirm(cli);
  const { token } = await cli.json<EmbedTokenAnswer>('token', 'create', partner);
  const database = path.join(cli.folder, 'test.db');
  const copy = path.join(cli.folder, 'copy.db');
  assert.equal((await cli.run('backup', copy)).code, 0);
  assert.equal(statSync(`${copy}-secret`).mode & 0o777, 0o600);
  for (const end of ['', '-wal', '-shm', '-secret']) rmSync(database + end, { force: true });
  for (const end of ['', '-secret']) renameSync(copy + end, database + end);
  const server = await serve(cli);
  assert.equal(await server.ask(`/embed/partner/stats-card?token=${token}`), 200);
});

test('processes that start at the same instant all use the same secret', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'proptally-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const program = path.join(import.meta.dirname, '../support/read-secrets.ts');
  const start = String(Date.now() + 2_000);
  const read = async () =>
    (await promisify(execFile)(process.execPath, [program, folder, start])).stdout;
  const [first, ...others] = await Promise.all([read(), read(), read()]);
  assert.equal(first!.trim().split('\n').length, 100);
  for (const secrets of others) assert.equal(secrets, first);
});

test('a process with another secret does not start until new-secret is run, which ends tokens signed before', async (t) => {
  const [one, other] = ['x', 'y'].map((letter) => letter.repeat(32));
  const environment: NodeJS.ProcessEnv = { PROPTALLY_SECRET: one };
  const cli = commandLine(t, environment);
  const partner = await makeFirm(cli);
  const first = await serve(cli);
  await first.end();
  const { token } = await cli.json<EmbedTokenAnswer>('token', 'create', partner);
  // The same database with another secret.
  const PROPTALLY_DB = path.join(cli.folder, 'test.db');
  const changed = commandLine(t, { PROPTALLY_SECRET: other, PROPTALLY_DB });
  for (const args of [
    ['serve', '--port', '0'],
    ['token', 'create', partner],
  ]) {
    const { code, stdout, stderr } = await changed.run(...args);
    assert.deepEqual([code, stdout], [1, ''], args[0]);
    assert.match(stderr, /^PROPTALLY_SECRET is another secret.*proptally new-secret\n$/);
    assert.ok(!stderr.includes('yyyy'));
  }
  // Without the setting, the server does not start either, and makes no file with a new secret.
  const { PROPTALLY_SECRET: _, ...bare } = process.env;
  const forgetful = commandLine(t, { ...bare, PROPTALLY_DB });
  const forgot = await forgetful.run('serve', '--port', '0');
  assert.equal(forgot.code, 1);
  assert.match(forgot.stderr, /test\.db-secret is missing.*Restore it.*new-secret/);
  assert.ok(!readdirSync(cli.folder).includes('test.db-secret'));

  assert.equal((await changed.run('new-secret')).code, 0);
  const server = await serve(changed);
  assert.equal(await server.ask(`/embed/partner/stats-card?token=${token}`), 403);
  assert.equal((await cli.run('serve', '--port', '0')).code, 1);
});
