import { sql } from 'kysely';
import type { Queries } from './database.ts';

/** How far somebody knows a partner’s changes: its revision, and that of what was observed. */
export interface Place {
  revision: number;
  observations: number;
}

/** Some accounts: those with these ids, and those of a user. */
export interface NamedAccounts {
  accounts: readonly string[];
  user: string | null;
}

export interface ChangedAccount {
  id: string;
  user_id: string | null;
  revision: number;
  /** Whether nothing but an observation is new. */
  observed: boolean;
}

/** Partners as they are now, by their ids: how far they are, and by what their days go. */
export function readPlaces(database: Queries, ids: readonly string[]) {
  return database
    .selectFrom('partners')
    .where('id', 'in', ids)
    .select(['id', 'revision', 'settings_revision', 'day_zone', 'day_start'])
    .select('observation_revision as observations')
    .execute();
}

/**
 * At most `limit` of a partner's accounts, the named ones or all, that have changed or were observed
 * after a place; those that were erased have changed. `upTo`: a later place. What changes again
 * beyond it, while this is read, is among them, too: it has changed before.
 */
export async function changedAccounts(
  database: Queries,
  partnerId: string,
  { after, upTo }: { after: Place; upTo: Place },
  named: NamedAccounts | null,
  limit: number,
): Promise<ChangedAccount[]> {
  let accounts = database
    .selectFrom('accounts')
    .where('accounts.partner_id', '=', partnerId)
    .select(['accounts.id', 'accounts.user_id', 'accounts.revision'])
    .limit(limit);
  if (named)
    accounts = accounts.where((is) =>
      is.or([
        is('accounts.id', 'in', named.accounts),
        ...(named.user === null ? [] : [is('accounts.user_id', '=', named.user)]),
      ]),
    );
  // The few that are named are not to be looked for among all that have changed since.
  const revision = named ? sql<number>`+accounts.revision` : sql.ref<number>('accounts.revision');
  const changed = await accounts.where(revision, '>', after.revision).execute();
  const observation = named ? sql<number>`+latest.revision` : sql.ref<number>('latest.revision');
  const observed =
    upTo.observations > after.observations
      ? await accounts
          .innerJoin('latest_observations as latest', (join) =>
            join
              .onRef('latest.partner_id', '=', 'accounts.partner_id')
              .onRef('latest.account_id', '=', 'accounts.id'),
          )
          .where('latest.partner_id', '=', partnerId)
          .where(observation, '>', after.observations)
          .execute()
      : [];
  const ids = new Set(changed.map(({ id }) => id));
  return [
    ...changed.map((row) => ({ ...row, observed: false })),
    ...observed.filter(({ id }) => !ids.has(id)).map((row) => ({ ...row, observed: true })),
  ];
}

/** The ids of a user's accounts. */
export async function accountsOfUser(
  database: Queries,
  partnerId: string,
  userId: string,
): Promise<string[]> {
  const rows = await database
    .selectFrom('accounts')
    .where('partner_id', '=', partnerId)
    .where('user_id', '=', userId)
    .select('id')
    .limit(mostOfUser)
    .execute();
  return rows.map(({ id }) => id);
}

/** Users have fewer. */
const mostOfUser = 1_000;
