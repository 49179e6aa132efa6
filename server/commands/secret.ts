import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Database, transact } from '../store/database.ts';
import { keepToOwner } from '../store/database-file.ts';
import { keepFact, readFact } from '../store/facts.ts';
import { fingerprintOf } from '../store/fingerprint.ts';
import { Failure, NotUnderstood } from './output.ts';

/** The file with a database's secret, for when PROPTALLY_SECRET is not set. */
export function secretFileOf(database: string): string {
  return `${database}-secret`;
}

const shortest = 32;

/**
 * The server's secret: PROPTALLY_SECRET, else the one in a file beside the database. That is made
 * when missing, readable by its owner alone.
 */
export function readSecret(database: string): string {
  const given = process.env.PROPTALLY_SECRET;
  if (given !== undefined) {
    if (given.trim() === '')
      throw new NotUnderstood('PROPTALLY_SECRET is blank. Give it a value, or leave it out.');
    if (given.length >= shortest) return given;
    throw new Failure(`PROPTALLY_SECRET must have at least ${shortest} characters.`);
  }
  const file = secretFileOf(database);
  if (!existsSync(file)) makeSecret(file);
  keepToOwner(file);
  const secret = readNamed(file).toString('utf8').trim();
  if (secret.length >= shortest) return secret;
  throw new Failure(`${file} holds no secret of ${shortest} characters. Restore it from a backup.`);
}

/**
 * The server's secret, if the database has been served with the same one so far: processes with
 * different secrets would refuse each other's embed tokens. Throws a Failure otherwise.
 */
export async function agreeOnSecret(database: Database, path: string): Promise<string> {
  const file = secretFileOf(path);
  const isGiven = process.env.PROPTALLY_SECRET !== undefined;
  const remedy =
    'To go by another secret for good, which ends all embed tokens, stop every process and run: proptally new-secret';
  if (!isGiven && !existsSync(file) && (await readFact(database.read, 'secret')))
    throw new Failure(
      `${file} is missing, the secret that this database has been served with. Restore it from a backup, or set PROPTALLY_SECRET. ${remedy}`,
    );
  const secret = readSecret(path);
  const own = fingerprintOf(secret);
  const agreed = await transact(database, async (transaction) => {
    const known = await readFact(transaction, 'secret');
    // Written even if unchanged, so that a database that can't be written is noticed here, at once.
    await keepFact(transaction, 'secret', known ?? own);
    return known ?? own;
  });
  if (agreed === own) return secret;
  const source = isGiven ? 'PROPTALLY_SECRET' : file;
  throw new Failure(
    `${source} is another secret than this database has been served with. Give every process the same one. ${remedy}`,
  );
}

/** From now on, the database is served with the secret that is set now. */
export async function changeSecret(database: Database, path: string): Promise<void> {
  const fingerprint = fingerprintOf(readSecret(path));
  await transact(database, (transaction) => keepFact(transaction, 'secret', fingerprint));
}

/** Reads a file. Adds its path to an error: Node's own does not name it when it is a folder. */
export function readNamed(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw Object.assign(error as Error, { path: file });
  }
}

/**
 * Makes the file with a new secret, complete from the moment it exists. If another process was
 * first, its secret stays.
 */
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
