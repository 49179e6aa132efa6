import type { Selectable } from 'kysely';
import type { Tier } from '../../shared/access.ts';
import type { Queries } from './database.ts';
import { newId, type Random } from './ids.ts';
import type { PartnersTable } from './schema.ts';

export type Partner = Selectable<PartnersTable>;

export interface NewPartner {
  name: string;
  email: string;
  tier: Tier;
  /** ISO 4217 */
  currency: string;
}

/** Throws SqliteError SQLITE_CONSTRAINT_UNIQUE when another partner has the address. */
export async function createPartner(
  database: Queries,
  partner: NewPartner,
  now: number,
  random: Random,
): Promise<Partner> {
  return database
    .insertInto('partners')
    .values({
      id: newId('ptr', random),
      ...partner,
      is_active: 1,
      primary_color: null,
      logo_url: null,
      company_name: null,
      hide_powered_by: 0,
      revision: 1,
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function listPartners(database: Queries): Promise<Partner[]> {
  return database.selectFrom('partners').selectAll().orderBy('created_at').orderBy('id').execute();
}

export function findPartner(database: Queries, id: string): Promise<Partner | undefined> {
  return database.selectFrom('partners').selectAll().where('id', '=', id).executeTakeFirst();
}

export type PartnerChanges = Partial<
  Pick<Partner, 'tier' | 'is_active' | 'primary_color' | 'logo_url' | 'company_name'> & {
    hide_powered_by: number;
  }
>;

/** The partner as it is now; undefined when there is none. What it may show depends on these, so answers change. */
export function changePartner(
  database: Queries,
  id: string,
  changes: PartnerChanges,
): Promise<Partner | undefined> {
  return database
    .updateTable('partners')
    .set((eb) => ({ ...changes, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

/** To be called in the transaction of every write of a partner's data. */
export async function raiseRevision(database: Queries, partnerId: string): Promise<void> {
  await database
    .updateTable('partners')
    .set((eb) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', partnerId)
    .execute();
}
