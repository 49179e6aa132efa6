import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Failure } from './output.ts';

/** The file with a database's secret, where PROPTALLY_SECRET does not say it. */
export function secretFileOf(database: string): string {
  return `${database}-secret`;
}

const shortest = 32;

/**
 * What the server signs with: PROPTALLY_SECRET, else that of a file beside the database, which is
 * made when missing and readable by its owner alone.
 */
export function readSecret(database: string): string {
  const given = process.env.PROPTALLY_SECRET;
  if (given) {
    if (given.length >= shortest) return given;
    throw new Failure(`PROPTALLY_SECRET must have at least ${shortest} characters.`);
  }
  const file = secretFileOf(database);
  if (!existsSync(file)) makeSecret(file);
  const secret = readFileSync(file, 'utf8').trim();
  if (secret.length >= shortest) return secret;
  throw new Failure(`${file} holds no secret of ${shortest} characters. Restore it from a backup.`);
}

/** Whole or not at all, and only once, whichever process comes first. */
function makeSecret(file: string): void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  try {
    linkSync(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own);
  }
}
