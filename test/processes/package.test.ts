import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { lineOf } from '../support/command.ts';

const root = path.join(import.meta.dirname, '..', '..');
const { scripts, dependencies } = JSON.parse(
  readFileSync(path.join(root, 'package.json'), 'utf8'),
) as Record<'scripts' | 'dependencies', Record<string, string>>;

test('the npm package is built before it is packed, and contains all that serving needs, but no sources', async () => {
  assert.equal(scripts.prepack, 'npm run -s build');
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const names = files.map((file) => file.path);
  for (const needed of [
    'server/bin.js',
    'dist/node/main.js',
    'dist/widgets/widgets.js',
    'dist/widgets/manifest.json',
    'README.md',
  ]) {
    assert.ok(names.includes(needed), needed);
  }
  const strays = names.filter(
    (name) => !/^(dist\/|server\/bin\.js$|docs\/|README\.md$|LICENSE$|package\.json$)/.test(name),
  );
  assert.deepEqual(strays, []);
});

test('the built program imports only its own files, Node’s modules and dependencies that are not for development', () => {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    const imports = text.matchAll(
      // Comments may mention imports too, which don't count.
      /^(?:import|export)\b[^;]*?from "([^"]+)"|^(?!\s*\*).*?\bimport\("([^"]+)"\)/gm,
    );
    for (const [, plain, dynamic] of imports) {
      const name = plain ?? dynamic ?? '';
      if (name.startsWith('.')) visit(path.join(path.dirname(file), name));
      else if (!isBuiltin(name)) {
        const [scope = '', rest = ''] = name.split('/');
        const packageName = scope.startsWith('@') ? `${scope}/${rest}` : scope;
        assert.ok(packageName in dependencies, `${packageName}, in ${file}`);
      }
    }
  };
  visit(path.join(root, 'dist', 'node', 'main.js'));
  const names = [...seen].map((file) => path.basename(file));
  for (const part of ['start-server', 'fill'])
    assert.ok(
      names.some((name) => name.startsWith(part)),
      part,
    );
});

test('terminating `npm run demo` stops the server of the demo too', {
  skip: process.platform === 'win32' && 'there are no signals',
}, async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'proptally-test-'));
  // The build is skipped, as other tests use its output at the same time.
  const args = ['run', '-s', '--ignore-scripts', 'demo', '--', '--port', '0'];
  const npm = spawn('npm', [...args, '--db', path.join(folder, 'demo.db')], {
    cwd: root,
    detached: true,
  });
  t.after(() => {
    if (npm.exitCode === null) process.kill(-npm.pid!, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const address = await lineOf(npm, /page +(http:\S+)/);
  assert.equal((await fetch(address)).status, 200);
  const ended = once(npm, 'exit');
  npm.kill('SIGTERM');
  await ended;
  await assert.rejects(fetch(address), 'Its server goes on');
});
