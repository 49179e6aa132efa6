import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import SQLite from 'better-sqlite3';
import { migrations } from '../../../server/store/migrations/index.ts';
import { Browser } from '../../support/session.ts';
import { type Firm, figuresOf, fill, type Program, programOf } from './recipe.ts';

// Makes the database of this version, as it is built.
const version = Object.keys(migrations).length;
const folder = mkdtempSync(path.join(tmpdir(), 'proptally-version-'));
const file = path.join(folder, 'version.db');
const program = programOf(path.join(import.meta.dirname, '../../../server/bin.js'), file);
const firm = await fill(program, file);
await program.serve((address) => figuresOf(address, firm.key));
await manage(program, firm);
await pause(program, firm);
shrink(file);
copyFileSync(file, path.join(import.meta.dirname, `version-${version}.sqlite`));
rmSync(folder, { recursive: true });
console.log(`version ${version}: ${firm.key}`);

/** Does what a firm does that manages its integration itself. */
async function manage({ run, serve }: Program, { partner }: Firm): Promise<void> {
  const newKey = (label: string) =>
    run<{ id: string; key: string }>('key', 'create', '--partner', partner, '--label', label);
  await run('brand', 'set', partner, '--primary-color', '#10b981', '--company-name', 'Summit');
  await run('origins', 'set', partner, 'https://summit.example');
  await run('token', 'create', partner);
  await run('sign-in', 'add', partner, 'anna@summit.example');
  const { link } = await run<{ link: string }>('sign-in', 'link', partner, 'anna@summit.example');
  const { key } = await newKey('Anna');
  let { id } = await newKey('Rolled');
  for (const overlap of ['86400', '86400']) {
    ({ id } = await run<{ id: string }>('key', 'roll', id, '--overlap', overlap));
  }
  await serve(async (address) => {
    const byKey = new Browser({ address });
    await send(byKey, 'POST', 'auth/session', { api_key: key });
    await send(byKey, 'PUT', 'branding', { company_name: 'Summit by key' });
    const byMail = new Browser({ address });
    const token = new URL(link).searchParams.get('token');
    await send(byMail, 'POST', 'auth/verify', { token });
    await send(byMail, 'PUT', 'branding', { company_name: 'Summit by mail' });
    await send(byMail, 'POST', 'auth/magic-link', { email: 'anna@summit.example' });
  });
}

async function send(browser: Browser, method: string, to: string, body: object): Promise<void> {
  const response = await browser.send(method, `/api/partner/${to}`, { body });
  if (!response.ok) throw new Error(`${method} ${to}: ${await response.text()}`);
}

async function pause({ run }: Program, { partner }: Firm): Promise<void> {
  const of = ['--partner', partner, '--label', 'Paused'];
  const { id } = await run<{ id: string }>('key', 'create', ...of);
  await run('key', 'set', id, '--active', 'false');
}

/** Rewrites the file in small pages, as most tables need only one. */
function shrink(file: string): void {
  const database = new SQLite(file);
  database.pragma('journal_mode = delete');
  database.pragma('page_size = 512');
  database.exec('vacuum');
  database.pragma('journal_mode = wal');
  database.close();
}
