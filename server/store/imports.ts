import type { Selectable } from 'kysely';
import type { AuditActor } from '../../shared/answers/audit.ts';
import type { Account } from './accounts.ts';
import type { Queries } from './database.ts';
import { newId, type Random } from './ids.ts';
import type { AgePlace } from './list-part.ts';
import type { ImportsTable } from './schema.ts';

export type ImportRecord = Selectable<ImportsTable>;

/** An import before it has a number. */
export type NewImport = Pick<
  ImportRecord,
  'account_id' | 'file_name' | 'sha256' | 'options' | 'owner' | 'trades'
>;

/** Records an import that is running; to be called in a transaction. */
export async function insertImport(
  database: Queries,
  partnerId: string,
  wanted: NewImport,
  actor: AuditActor,
  now: number,
  random: Random,
): Promise<ImportRecord> {
  const { last } = await database
    .selectFrom('imports')
    .select((eb) => eb.fn.coalesce(eb.fn.max('number'), eb.val(0)).as('last'))
    .executeTakeFirstOrThrow();
  return database
    .insertInto('imports')
    .values({
      ...wanted,
      partner_id: partnerId,
      id: newId('imp', random),
      number: last + 1,
      ...{ actor: actor.type, actor_id: actor.id, actor_name: actor.name },
      actor_key_id: actor.key_id,
      ...{ state: 'running', beats: 0, passed: 0, added: 0, closed: 0 },
      ...{ report: '{}', refusals: '[]', reason: null, is_forced: 0, tells_each: 0 },
      ...{ removed: 0, reopened: 0, confirmed: 0 },
      ...{ created_at: now, finished_at: null, undone_at: null },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** An import as it is told. */
export interface ListedImport extends Omit<ImportRecord, 'refusals'> {
  /** Its account's; null: the account is not made yet. */
  nickname: string | null;
}

export type ShownImport = ListedImport & Pick<ImportRecord, 'refusals'>;

export function findImport(
  database: Queries,
  partnerId: string,
  id: string,
): Promise<ShownImport | undefined> {
  return shownImports(database, partnerId)
    .select('refusals')
    .where('imports.id', '=', id)
    .executeTakeFirst();
}

export interface ImportsWanted {
  /** Null: those into any account. */
  accountId: string | null;
  before: AgePlace | null;
  limit: number;
}

/** A partner's imports, the newest first. */
export function listImports(
  database: Queries,
  partnerId: string,
  { accountId, before, limit }: ImportsWanted,
): Promise<ListedImport[]> {
  return shownImports(database, partnerId)
    .$if(accountId !== null, (found) => found.where('imports.account_id', '=', accountId))
    .$if(before !== null, (found) =>
      found.where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('imports.created_at', 'imports.id'),
          '<',
          tuple(before!.created_at, before!.id),
        ),
      ),
    )
    .orderBy('imports.created_at', 'desc')
    .orderBy('imports.id', 'desc')
    .limit(limit)
    .execute();
}

/** Without the refused rows, which may be many. */
const listed = [
  ...['partner_id', 'id', 'number', 'account_id', 'file_name', 'sha256', 'options', 'actor'],
  ...['actor_id', 'actor_name', 'actor_key_id', 'state', 'owner', 'beats', 'trades', 'passed'],
  ...['added', 'closed', 'report', 'reason', 'is_forced', 'tells_each', 'removed', 'reopened'],
  ...['confirmed', 'created_at', 'finished_at', 'undone_at'],
] as Exclude<keyof ImportRecord, 'refusals'>[];

/** Without those whose account is being erased. */
function shownImports(database: Queries, partnerId: string) {
  return database
    .selectFrom('imports')
    .leftJoin('accounts', (join) =>
      join
        .onRef('accounts.partner_id', '=', 'imports.partner_id')
        .onRef('accounts.id', '=', 'imports.account_id'),
    )
    .select(listed.map((name) => `imports.${name}` as const))
    .select('accounts.nickname')
    .where('imports.partner_id', '=', partnerId)
    .where((eb) =>
      eb.or([eb('imports.account_id', 'is', null), eb('accounts.status', '<>', 'erased')]),
    );
}

/** The ids of trades that an import added or closed, as far as it has not been taken back. */
export async function tradesOfImport(
  database: Queries,
  { partner_id, account_id, number }: Pick<ImportRecord, 'partner_id' | 'account_id' | 'number'>,
  most: number,
): Promise<string[]> {
  const rows = await database
    .selectFrom('trades')
    .select('id')
    .where('partner_id', '=', partner_id)
    .where('account_id', '=', account_id)
    .where((eb) => eb.or([eb('added_by', '=', number), eb('closed_by', '=', number)]))
    .limit(most)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Changes an import that is running, as this record of it says it does; returns whether it still was.
 */
export async function changeRunning(
  database: Queries,
  { partner_id, id, owner, beats }: ImportRecord,
  changes: Partial<ImportRecord>,
): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('imports')
    .set(changes)
    .where('partner_id', '=', partner_id)
    .where('id', '=', id)
    .where('owner', 'is not distinct from', owner)
    .where('beats', '=', beats)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Whether something else is being imported into an account, or taken back from it: others wait for
 * that. `own`: an import that is no other.
 */
export async function isAccountBusy(
  database: Queries,
  { partner_id, id }: Pick<Account, 'partner_id' | 'id'>,
  own: Pick<ImportRecord, 'id'> | null,
): Promise<boolean> {
  const other = await database
    .selectFrom('imports')
    .select('id')
    .where('partner_id', '=', partner_id)
    .where('account_id', '=', id)
    .where('id', '<>', own?.id ?? '')
    .where((eb) =>
      eb.or([
        eb('state', '=', 'undoing'),
        eb.and([eb('state', '=', 'running'), eb('passed', '>', 0)]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

/**
 * The first import of the same file into another account of the partner, unless it was taken back.
 * `number`: only one before that; null: it has none yet.
 */
export async function findSameFile(
  database: Queries,
  partnerId: string,
  sha256: string,
  accountId: string,
  number: number | null,
): Promise<SameFile | null> {
  const found = await database
    .selectFrom('imports')
    .innerJoin('accounts', (join) =>
      join
        .onRef('accounts.partner_id', '=', 'imports.partner_id')
        .onRef('accounts.id', '=', 'imports.account_id'),
    )
    .select(['imports.id as import_id', 'accounts.id as account_id', 'accounts.nickname'])
    .where('imports.partner_id', '=', partnerId)
    .where('imports.sha256', '=', sha256)
    .where('imports.account_id', '<>', accountId)
    .$if(number !== null, (found) => found.where('imports.number', '<', number))
    .where('imports.state', 'in', ['running', 'done'])
    .where('accounts.status', '<>', 'erased')
    .orderBy('imports.number')
    .limit(1)
    .executeTakeFirst();
  return found ?? null;
}

export interface SameFile {
  import_id: string;
  account_id: string;
  nickname: string;
}
