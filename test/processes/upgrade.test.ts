import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine, lineOf } from '../support/command.ts';
import { makeFirm } from '../support/firm.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** Ends a server's threads as soon as its file `end` exists. */
const endThreads = `
  import { existsSync } from 'node:fs';
  import { isMainThread } from 'node:worker_threads';
  const end = import.meta.filename.replace(/preload.mjs$/, 'end');
  if (!isMainThread) setInterval(() => existsSync(end) && process.exit(1), 10).unref();`;

/** Starts a server from a copy of the built program, which a test may change. */
async function startCopy(t: TestContext) {
  const cli = commandLine(t);
  const partner = await makeFirm(cli);
  const { key } = await cli.json<{ key: string }>('key', 'create', '--partner', partner);
  const copy = path.join(cli.folder, 'copy');
  const program = path.join(copy, 'dist', 'node');
  mkdirSync(path.dirname(program), { recursive: true });
  cpSync(path.join(root, 'dist', 'node'), program, { recursive: true });
  cpSync(path.join(root, 'package.json'), path.join(copy, 'package.json'));
  for (const name of ['dist/widgets', 'node_modules'])
    symlinkSync(path.join(root, name), path.join(copy, name));
  const preload = path.join(cli.folder, 'preload.mjs');
  writeFileSync(preload, endThreads);
  const server = spawn(
    process.execPath,
    ['--import', preload, path.join(program, 'main.js'), 'serve', '--port', '0'],
    { env: { ...process.env, PROPTALLY_DB: path.join(cli.folder, 'test.db') } },
  );
  t.after(() => server.kill('SIGKILL'));
  let log = '';
  server.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const address = await lineOf(server, /(http:\S+)/);
  const ask = (period: string) =>
    fetch(`${address}/api/partner/stats?period=${period}`, { headers: { 'X-API-Key': key } });
  const endAll = async () => {
    const end = path.join(cli.folder, 'end');
    writeFileSync(end, '');
    await sleep(500);
    rmSync(end);
  };
  return { program, ask, endAll, log: () => log };
}

for (const [how, replace] of [
  ['replaced', (program: string) => appendFileSync(path.join(program, 'reader.js'), '// newer')],
  ['removed', (program: string) => renameSync(program, `${program}-old`)],
] as const) {
  test(`a server whose program was ${how} never runs another one: it says that it must be started again`, async (t) => {
    const { program, ask, endAll, log } = await startCopy(t);
    assert.equal((await ask('7d')).status, 200);
    await endAll();
    assert.equal((await ask('30d')).status, 200);
    replace(program);
    assert.equal((await ask('90d')).status, 200);
    await endAll();
    const response = await ask('1y');
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '5');
    assert.match(log(), /program was replaced, so the server must be started again/);
    assert.equal((await ask('7d')).status, 200);
  });
}
