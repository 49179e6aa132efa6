import type { Selectable } from 'kysely';
import { mostSignInAddresses } from '../../shared/access.ts';
import type { AuditActor } from '../../shared/answers/audit.ts';
import { recordAct } from './audit.ts';
import type { Queries } from './database.ts';
import { digestOf, newSecret, type Random } from './ids.ts';
import { NotPossible } from './not-possible.ts';
import type { SignInAddressesTable, SignInLinksTable } from './schema.ts';
import { endSessions } from './sessions.ts';

export type SignInAddress = Selectable<SignInAddressesTable>;
export type SignInLink = Selectable<SignInLinksTable>;

/** How many links one mail may hold: an address may sign in for several partners. */
const mostPartners = 10;

/**
 * Adds an address; false when the partner has it already. To be called in a transaction. Throws
 * NotPossible when the partner has twenty addresses already.
 */
export async function addSignInAddress(
  database: Queries,
  partnerId: string,
  email: string,
  actor: AuditActor,
  now: number,
): Promise<boolean> {
  const known = await listSignInAddresses(database, partnerId);
  if (known.length >= mostSignInAddresses) {
    const sentence = `At most ${mostSignInAddresses} addresses may sign in. Remove one first.`;
    throw new NotPossible('too_many_addresses', sentence);
  }
  const { numInsertedOrUpdatedRows } = await database
    .insertInto('sign_in_addresses')
    .values({ partner_id: partnerId, email, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (!numInsertedOrUpdatedRows) return false;
  await recordAct(database, partnerId, actor, { action: 'address.added', subject: email }, now);
  return true;
}

export function listSignInAddresses(
  database: Queries,
  partnerId: string,
): Promise<SignInAddress[]> {
  return database
    .selectFrom('sign_in_addresses')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .orderBy('created_at')
    .orderBy('email')
    .execute();
}

/** An address's entries with all active partners for whom it may sign in, and their names. */
export function findSignInAddresses(
  database: Queries,
  email: string,
): Promise<(SignInAddress & { name: string })[]> {
  return database
    .selectFrom('sign_in_addresses')
    .innerJoin('partners', 'partners.id', 'sign_in_addresses.partner_id')
    .selectAll('sign_in_addresses')
    .select('partners.name')
    .where('sign_in_addresses.email', '=', email)
    .where('partners.is_active', '=', 1)
    .orderBy('sign_in_addresses.created_at')
    .limit(mostPartners)
    .execute();
}

/**
 * Removes an address with its links, and ends its sessions; to be called in a transaction. False
 * when the partner has no such address. Throws NotPossible for the partner's last one.
 */
export async function removeSignInAddress(
  database: Queries,
  partnerId: string,
  email: string,
  actor: AuditActor,
  now: number,
): Promise<boolean> {
  const known = await listSignInAddresses(database, partnerId);
  if (!known.some((address) => address.email === email)) return false;
  if (known.length === 1) {
    throw new NotPossible('last_address', 'Nobody could sign in any more. Add another first.');
  }
  await database
    .deleteFrom('sign_in_addresses')
    .where('partner_id', '=', partnerId)
    .where('email', '=', email)
    .execute();
  await endSessions(database, partnerId, { email }, actor, now);
  await database
    .deleteFrom('sign_in_links')
    .where('partner_id', '=', partnerId)
    .where('email', '=', email)
    .execute();
  await recordAct(database, partnerId, actor, { action: 'address.removed', subject: email }, now);
  return true;
}

/**
 * Replaces an address with another one, and ends the sessions and links of the old one; to be
 * called in a transaction. False when the partner does not have the old one, or both are the same.
 */
export async function replaceSignInAddress(
  database: Queries,
  partnerId: string,
  { from, to }: { from: string; to: string },
  actor: AuditActor,
  now: number,
): Promise<boolean> {
  const known = await listSignInAddresses(database, partnerId);
  if (from === to || !known.some(({ email }) => email === from)) return false;
  const add = () => addSignInAddress(database, partnerId, to, actor, now);
  const remove = () => removeSignInAddress(database, partnerId, from, actor, now);
  // In this order, since the last address can't be removed, and none can be added beyond the limit.
  for (const step of known.length > 1 ? [remove, add] : [add, remove]) await step();
  return true;
}

/**
 * Creates a link and returns its secret, which is not stored. `browser` is the digest of the
 * requesting browser's cookie; null: no browser requested it.
 */
export async function createSignInLink(
  database: Queries,
  { partner_id, email }: Pick<SignInAddress, 'partner_id' | 'email'>,
  browser: string | null,
  expiresAt: number,
  random: Random,
): Promise<string> {
  const secret = newSecret(random);
  await database
    .insertInto('sign_in_links')
    .values({
      partner_id,
      digest: digestOf(secret),
      email,
      browser,
      expires_at: expiresAt,
      used_at: null,
    })
    .execute();
  return secret;
}

/** Sets when links expire, once their mail has been sent. */
export async function extendLinks(
  database: Queries,
  secrets: readonly string[],
  expiresAt: number,
): Promise<void> {
  await database
    .updateTable('sign_in_links')
    .set({ expires_at: expiresAt })
    .where('digest', 'in', secrets.map(digestOf))
    .execute();
}

/** The link with this secret, if it is neither used nor expired. */
export function findSignInLink(
  database: Queries,
  secret: string,
  now: number,
): Promise<SignInLink | undefined> {
  return database
    .selectFrom('sign_in_links')
    .selectAll()
    .where('digest', '=', digestOf(secret))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
}

/** Marks a link as used and returns it; if several processes try at once, only one succeeds. */
export function useSignInLink(
  database: Queries,
  secret: string,
  now: number,
): Promise<SignInLink | undefined> {
  return database
    .updateTable('sign_in_links')
    .set({ used_at: now })
    .where('digest', '=', digestOf(secret))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst();
}

/** The URL of a sign-in link. */
export function signInLink(publicUrl: string, secret: string): string {
  return `${publicUrl}/api/partner/auth/verify?token=${secret}`;
}
