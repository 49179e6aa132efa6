import type { Selectable } from 'kysely';
import type { Tier } from '../../shared/access.ts';
import type { AuditActor } from '../../shared/answers/audit.ts';
import type { AuditAction } from '../../shared/audit.ts';
import { utcDays } from '../../shared/trading-day.ts';
import { recordAct } from './audit.ts';
import type { Queries } from './database.ts';
import { newId, type Random } from './ids.ts';
import type { PartnersTable } from './schema.ts';

export type Partner = Selectable<PartnersTable>;

export interface NewPartner {
  name: string;
  /** The firm's contact address, which is also its first sign-in address. */
  email: string;
  tier: Tier;
  /** ISO 4217 */
  currency: string;
}

/**
 * Creates a partner with its sign-in address; to be called in a transaction. Throws SqliteError
 * SQLITE_CONSTRAINT_UNIQUE when another partner has the contact address.
 */
export async function createPartner(
  database: Queries,
  partner: NewPartner,
  now: number,
  random: Random,
): Promise<Partner> {
  const made = await database
    .insertInto('partners')
    .values({
      id: newId('ptr', random),
      ...partner,
      is_active: 1,
      billing_status: 'active',
      primary_color: null,
      logo_url: null,
      logo_url_light: null,
      logo_url_dark: null,
      company_name: null,
      hide_powered_by: 0,
      allowed_origins: null,
      token_generation: 0,
      revision: 1,
      settings_revision: 1,
      observation_revision: 0,
      day_zone: utcDays.zone,
      day_start: utcDays.start,
      sums_version: 1,
      last_sums_version: 1,
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await database
    .insertInto('sign_in_addresses')
    .values({ partner_id: made.id, email: partner.email.toLowerCase(), created_at: now })
    .execute();
  return made;
}

export function listPartners(database: Queries): Promise<Partner[]> {
  return database.selectFrom('partners').selectAll().orderBy('created_at').orderBy('id').execute();
}

export function findPartner(database: Queries, id: string): Promise<Partner | undefined> {
  return database.selectFrom('partners').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The columns of a partner's branding, which all its widgets show. */
const brandingColumns = [
  'primary_color',
  'logo_url',
  'logo_url_light',
  'logo_url_dark',
  'company_name',
  'hide_powered_by',
] as const;

export type PartnerChanges = Partial<
  Pick<
    Partner,
    | 'name'
    | 'email'
    | 'currency'
    | 'tier'
    | 'is_active'
    | 'billing_status'
    | 'allowed_origins'
    | (typeof brandingColumns)[number]
  >
>;

/**
 * Changes a partner and returns it; undefined when there is none. Raises the revision, since
 * answers depend on these columns. To be called in a transaction; `act` is recorded in the audit
 * trail.
 */
export async function changePartner(
  database: Queries,
  id: string,
  changes: PartnerChanges,
  act: { action: AuditAction; details: Readonly<Record<string, unknown>> },
  actor: AuditActor,
  now: number,
): Promise<Partner | undefined> {
  const changed = await database
    .updateTable('partners')
    .set((eb) => {
      const revision = eb('revision', '+', 1);
      return { ...changes, revision, settings_revision: revision };
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  if (!changed) return undefined;
  // What is owed to its webhooks may be sent again.
  if ('tier' in changes || 'is_active' in changes)
    await database
      .updateTable('webhooks')
      .set({ due_at: 0 })
      .where('partner_id', '=', id)
      .where('is_active', '=', 1)
      .execute();
  await recordAct(database, id, actor, { ...act, subject: id }, now);
  return changed;
}

/** Revokes all embed tokens of a partner; to be called in a transaction. */
export async function endTokens(
  database: Queries,
  id: string,
  actor: AuditActor,
  now: number,
): Promise<void> {
  await database
    .updateTable('partners')
    .set((eb) => ({ token_generation: eb('token_generation', '+', 1) }))
    .where('id', '=', id)
    .execute();
  await recordAct(database, id, actor, { action: 'embed_tokens.revoked', subject: id }, now);
}

/**
 * To be called in the transaction of every write of a partner's data, except of trades, which
 * sums.ts follows. Returns the new revision.
 */
export async function raiseRevision(database: Queries, partnerId: string): Promise<number> {
  const { revision } = await database
    .updateTable('partners')
    .set((eb) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', partnerId)
    .returning('revision')
    .executeTakeFirstOrThrow();
  return revision;
}
