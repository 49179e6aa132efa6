import type { Queries } from './database.ts';

/** How far somebody knows a partner’s changes: its revision, and that of what was observed. */
export interface Place {
  revision: number;
  observations: number;
}

/** The accounts that something is about: those with these ids, or those of a user. */
export interface NamedAccounts {
  accounts: readonly string[] | null;
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
 * between two places; those that were erased have changed.
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
  if (named?.user != null) accounts = accounts.where('accounts.user_id', '=', named.user);
  else if (named) accounts = accounts.where('accounts.id', 'in', named.accounts!);
  const changed = await accounts
    .where('accounts.revision', '>', after.revision)
    .where('accounts.revision', '<=', upTo.revision)
    .execute();
  const observed =
    upTo.observations > after.observations
      ? await accounts
          .innerJoin('latest_observations as latest', (join) =>
            join
              .onRef('latest.partner_id', '=', 'accounts.partner_id')
              .onRef('latest.account_id', '=', 'accounts.id'),
          )
          .where('latest.partner_id', '=', partnerId)
          .where('latest.revision', '>', after.observations)
          .where('latest.revision', '<=', upTo.observations)
          .execute()
      : [];
  const ids = new Set(changed.map(({ id }) => id));
  return [
    ...changed.map((row) => ({ ...row, observed: false })),
    ...observed.filter(({ id }) => !ids.has(id)).map((row) => ({ ...row, observed: true })),
  ];
}
