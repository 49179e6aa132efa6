import type { Database } from '../../server/store/database.ts';

/** The content of all tables of a database, as one text. */
export function textOfTables({ handle }: Database): string {
  const names = handle
    .prepare<[], string>(`select name from sqlite_schema where type = 'table'`)
    .pluck()
    .all();
  return names
    .map((name) => `${name} ${JSON.stringify(handle.prepare(`select * from "${name}"`).all())}`)
    .join('\n');
}
