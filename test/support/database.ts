import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { type Database, openDatabase } from '../../server/store/database.ts';

/** The path of an empty database that each test copies, as making its tables takes ten times as long. */
let fresh: Promise<string> | undefined;

async function makeFresh(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'proptally-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'fresh.db');
  await (await openDatabase(file)).close();
  return file;
}

/** Opens a new database file. When the test ends, calls `stop`, closes the database and deletes it. */
export async function openTestDatabase(
  test: TestContext,
  stop: () => Promise<void> = async () => {},
): Promise<Database & { path: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'proptally-test-'));
  const file = path.join(folder, 'test.db');
  fresh ??= makeFresh();
  copyFileSync(await fresh, file);
  const database = await openDatabase(file);
  test.after(async () => {
    try {
      await stop();
    } finally {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return Object.assign(database, { path: file });
}
