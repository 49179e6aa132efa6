import { closeSync, existsSync, openSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import SQLite from 'better-sqlite3';
import { Command } from 'commander';
import { CopyFailure, copyDatabase } from '../store/copy.ts';
import { removeFile } from '../store/database-file.ts';
import { type CommonOptions, databaseOption, jsonOption, refuseMissing } from './options.ts';
import { explain, Failure, print } from './output.ts';
import { readNamed, secretFileOf } from './secret.ts';

export function backupCommand(): Command {
  return new Command('backup')
    .description(
      'write a copy of the database, with its secret file if it has one, even while it is in use',
    )
    .argument('<file>', 'the file to write, which must not exist yet')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (file: string, options: CommonOptions) => {
      const { db } = options;
      if (file.trim() === '') throw new Failure('The copy has no name. Give it one.');
      refuseMissing(options);
      const folder = path.dirname(path.resolve(file));
      if (!existsSync(folder))
        throw new Failure(`There is no folder ${folder} to write ${file} in. Make it first.`);
      const secret = readIfThere(secretFileOf(db));
      // Written under another name, so that a partial copy is never taken for a backup.
      const partial = `${file}.part`;
      const secretCopy = secretFileOf(file);
      const copies = [file, partial, ...(secret ? [secretCopy] : [])];
      const taken = copies.find((copy) => existsSync(copy));
      if (taken) throw new Failure(`${taken} is there already. Name a new file.`);
      const made: string[] = [];
      const make = (copy: string) => {
        closeSync(openSync(copy, 'wx', 0o600));
        made.push(copy);
      };
      try {
        make(partial);
        await copyDatabase(db, partial);
        // Without the secret, a restored server would refuse all embed tokens.
        if (secret) {
          make(secretCopy);
          writeFileSync(secretCopy, secret);
        }
        renameSync(partial, file);
      } catch (error) {
        // Only the files made here, never those of another backup with the same name.
        for (const copy of made) removeFile(copy);
        throw new Failure(explainCopy(error, db, file));
      }
      print(options.json, { file }, `Wrote ${file}.`);
    });
}

function readIfThere(file: string): Buffer | null {
  return existsSync(file) ? readNamed(file) : null;
}

/** A sentence about an error, which names the file that failed. */
function explainCopy(error: unknown, source: string, target: string): string {
  if (!(error instanceof CopyFailure)) return `${target} can’t be written. ${explain(error)}`;
  const { cause, side } = error;
  const code = cause instanceof SQLite.SqliteError ? cause.code : '';
  if (side === 'target') {
    return code.startsWith('SQLITE_FULL')
      ? `There is no room for ${target}: its disk is full.`
      : `${target} can’t be written: ${error.message} ${code}. Check its folder and disk.`;
  }
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code))
    return `${source} is no PropTally database, or a damaged one.`;
  return code ? `${source} can’t be read: ${error.message} (${code}).` : error.message;
}
