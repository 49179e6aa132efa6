import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine, lineOf } from '../support/command.ts';
import { firmEmail, makeFirm } from '../support/firm.ts';
import { auth, Browser } from '../support/session.ts';

test('a server keeps running when the readers of its output and log have gone, and exits as usual', async (t) => {
  for (const environment of [{}, { PROPTALLY_SMTP_URL: 'smtp://127.0.0.1:1' }]) {
    const cli = commandLine(t, environment);
    await makeFirm(cli);
    const server = cli.start('serve', '--port', '0');
    const address = await lineOf(server, /(http:\S+)/);
    server.stdout.destroy();
    server.stderr.destroy();
    const browser = new Browser({ address });
    // It prints the mail to its output, or that the mail can't be sent to its log.
    await browser.post(`${auth}/magic-link`, { email: firmEmail });
    for (let second = 0; second < 3; second++) {
      await sleep(1_000);
      assert.equal((await fetch(`${address}/health`)).status, 200);
    }
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  }
});

test('a command succeeds without a complaint when the reader of its output has gone', async (t) => {
  const cli = commandLine(t);
  await makeFirm(cli);
  const listing = cli.start('partner', 'list');
  listing.stdout.destroy();
  let complaints = '';
  listing.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  assert.deepEqual(await once(listing, 'close'), [0, null]);
  assert.equal(complaints, '');
});

test('a log whose reader has stalled doesn’t block the server and takes at most 1.1 MB; lost entries are counted', {
  skip: process.platform === 'win32' && 'there are no FIFOs',
}, async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'proptally-test-'));
  const fifo = path.join(folder, 'log');
  execFileSync('mkfifo', [fifo]);
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(fifo, constants.O_WRONLY);
  const program = path.join(import.meta.dirname, '../support/write-log.ts');
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'ignore', writer, 'ipc'],
  });
  t.after(() => {
    child.kill('SIGKILL');
    closeSync(reader);
    rmSync(folder, { recursive: true });
  });
  closeSync(writer);
  await once(child, 'message');
  child.send(5_000);
  const [{ waiting }] = (await once(child, 'message')) as [{ waiting: number }];
  assert.ok(waiting > 1_000_000 && waiting < 1_100_000, `${waiting} bytes wait`);

  let read = '';
  const buffer = Buffer.alloc(65_536);
  const readAll = async () => {
    for (let idle = 0; idle < 20; ) {
      try {
        const length = readSync(reader, buffer);
        read += buffer.toString('utf8', 0, length);
        idle = 0;
      } catch {
        idle++;
        await sleep(10);
      }
    }
  };
  await readAll();
  child.send(1);
  await once(child, 'message');
  await readAll();
  const lines = read
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { problem: string });
  const lost = Number(/(\d+) entries are lost/.exec(lines.at(-2)!.problem)![1]);
  assert.equal(lines.length - 2 + lost, 5_000);
  assert.match(lines.at(-1)!.problem, /^0 x/);
});

test('a warning of Node is logged without its message, which may contain an address with a key', {
  skip: process.platform === 'win32' && 'there are no such signals',
}, async (t) => {
  const warning = `process.on('SIGUSR2', () => process.emitWarning('The URL http://[/?key=pt_secret is invalid.', 'DeprecationWarning', 'DEP0170'))`;
  const cli = commandLine(t, {
    NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(warning)}"`,
  });
  const server = cli.start('serve', '--port', '0');
  await lineOf(server, /(http:\S+)/);
  let log = '';
  const logged = new Promise<void>((resolve) => {
    server.stderr.on('data', (chunk) => {
      log += chunk;
      if (log.includes('\n')) resolve();
    });
  });
  server.kill('SIGUSR2');
  await logged;
  const { time, ...entry } = JSON.parse(log) as Record<string, unknown>;
  assert.equal(typeof time, 'string');
  assert.deepEqual(entry, {
    level: 'warn',
    problem: 'Node warns',
    warning: 'DeprecationWarning',
    code: 'DEP0170',
  });
});
