import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { PropTally } from '../../clients/js/index.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'dist/client');
const run = promisify(execFile);

/** The folder of an empty project into which the packed client is installed. */
async function installClient(t: TestContext): Promise<string> {
  const project = mkdtempSync(path.join(tmpdir(), 'proptally-test-'));
  t.after(() => rmSync(project, { recursive: true, force: true }));
  const pack = ['pack', folder, '--json', '--ignore-scripts'];
  const [{ filename }] = JSON.parse((await run('npm', pack, { cwd: project })).stdout);
  writeFileSync(path.join(project, 'package.json'), '{"private":true,"type":"module"}');
  await run('npm', ['install', '--offline', '--no-audit', filename], { cwd: project });
  return project;
}

/** The documentation's examples in TypeScript. */
const examples = [
  ...readFileSync(path.join(root, 'docs/clients.md'), 'utf8').matchAll(/^```ts\n(.*?)^```/gms),
].map(([, text]) => text!);

test('the client is installed from its package alone, and the documentation’s first lines work', async (t) => {
  const project = await installClient(t);
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const pt = new PropTally({ baseUrl: server.address, key });
  const { id } = await pt.createAccount({ nickname: 'Apex 50K', external_id: '12345' });
  server.clock.now = Date.now();
  const text = examples[0]!.replace('https://stats.example.com', server.address);
  writeFileSync(path.join(project, 'main.ts'), text.replace('pt_…', key));
  const { stdout, stderr } = await run(process.execPath, ['main.ts'], { cwd: project });
  assert.equal(stdout, '0 % of 0 trades\nApex 50K 0\n');
  assert.equal(stderr, '');
  assert.equal((await pt.listAccountTrades({ account_id: id })).trades.length, 1);
});

test('the package has no dependencies, the version of the server, and the documentation’s first lines', () => {
  assert.ok(readFileSync(path.join(folder, 'README.md'), 'utf8').includes(examples[0]!));
  const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  const { dependencies, version } = read('dist/client/package.json');
  assert.equal(dependencies, undefined);
  assert.equal(version, read('package.json').version);
});

test('the client’s types are understood by TypeScript 5 and later, as are the documentation’s examples', async (t) => {
  const project = await installClient(t);
  assert.ok(examples.length >= 4);
  const types = 'node_modules/@types/node';
  mkdirSync(path.join(project, 'node_modules/@types'));
  symlinkSync(path.join(root, types), path.join(project, types), 'junction');
  const files = examples.map((text, index) => {
    const file = `example-${index}.ts`;
    writeFileSync(path.join(project, file), text);
    return file;
  });
  const options = {
    ...{ noEmit: true, strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
    ...{ module: 'nodenext', target: 'es2022', lib: ['es2023'], types: ['node'] },
  };
  const write = (names: string[]) =>
    writeFileSync(
      path.join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, files: names }),
    );
  const compilers = ['typescript-5/bin/tsc', 'typescript/bin/tsc'];
  const check = (compiler: string) =>
    run(process.execPath, [path.join(root, 'node_modules', compiler), '-p', project]);
  write(files);
  for (const compiler of compilers)
    await check(compiler).catch(({ stdout }) => assert.fail(stdout));
  writeFileSync(
    path.join(project, 'wrong.ts'),
    `import { PropTally } from '@proptally/client';
     new PropTally({ baseUrl: '', key: '' }).readStats({ period: '31d' });`,
  );
  write(['wrong.ts']);
  for (const compiler of compilers)
    await assert.rejects(check(compiler), ({ stdout }) => /Type '"31d"' is not/.test(stdout));
});
