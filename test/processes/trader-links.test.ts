import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoginLinkAnswer, UserAnswer } from '../../shared/answers/users.ts';
import { commandLine } from '../support/command.ts';
import { makeFirm, serve } from '../support/firm.ts';

test('user link makes a link that the server opens, and mails it if asked to', async (t) => {
  const cli = commandLine(t);
  const of = ['--partner', await makeFirm(cli)];
  const { id } = await cli.json<UserAnswer>('user', 'create', ...of, '--external-id', 'u1');
  const server = await serve(cli);
  const link = await cli.json<LoginLinkAnswer>(
    ...['user', 'link', 'ext:u1', ...of, '--public-url', server.address],
  );
  assert.equal(link.sent, false);
  assert.ok(link.url.startsWith(`${server.address}/trader/open?token=`));
  assert.equal((await fetch(link.url)).status, 200);
  const { token } = Object.fromEntries(new URL(link.url).searchParams);
  const open = () =>
    fetch(`${server.address}/trader/open`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    });
  assert.equal((await open()).status, 201);
  assert.equal((await open()).status, 400);

  const without = await cli.run('user', 'link', id, ...of, '--send');
  assert.equal(without.code, 1);
  assert.match(without.stderr, /has no e-mail address/);
  await cli.json('user', 'set', id, ...of, '--email', 'trader@example.com');
  const sent = await cli.json<LoginLinkAnswer>('user', 'link', id, ...of, '--send');
  assert.equal(sent.sent, true);
  const secret = new URL(sent.url).searchParams.get('token')!;
  const folder = path.join(cli.folder, 'test.db-mail');
  const mailed = () => {
    try {
      return readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
    } catch {
      return [];
    }
  };
  for (let turn = 0; turn < 100 && mailed().length === 0; turn++) await sleep(100);
  assert.ok(mailed()[0]!.replaceAll('=\r\n', '').includes(secret));
  const again = await cli.run('user', 'link', id, ...of, '--send');
  assert.match(again.stderr, /less than a minute ago/);
  const unknown = await cli.run('user', 'link', 'ext:nobody', ...of);
  assert.match(unknown.stderr, /no user ext:nobody/);
  await server.end();
});
