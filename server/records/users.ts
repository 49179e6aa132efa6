import { newId } from '../store/ids.ts';
import { NotPossible } from '../store/not-possible.ts';
import { raiseRevision } from '../store/partners.ts';
import { findUser, type User } from '../store/users.ts';
import { type Difference, refuseDifferences } from './differences.ts';
import { type PartnerWriting, record } from './partner-writing.ts';

/** The fields of a user that a partner sets; an absent one stays as it is. */
export interface UserFields {
  external_id?: string | null | undefined;
  name?: string | null | undefined;
  email?: string | null | undefined;
}

const fieldNames = ['external_id', 'name', 'email'] as const satisfies (keyof UserFields)[];

/**
 * Finds the user with the given external id, or makes one. Throws NotPossible `conflict` when the one
 * that is there has another value in a field that was given.
 */
export async function findOrMakeUser(
  writing: PartnerWriting,
  fields: UserFields,
): Promise<{ user: User; isNew: boolean }> {
  const { transaction, partnerId, now, random } = writing;
  const { external_id = null, name = null, email = null } = fields;
  const known =
    external_id === null ? undefined : await findUser(transaction, partnerId, `ext:${external_id}`);
  if (known) {
    refuseDifferences(`The user ${known.id}`, differencesOf(known, fields));
    return { user: known, isNew: false };
  }
  const user = await transaction
    .insertInto('users')
    .values({
      ...{ partner_id: partnerId, id: newId('usr', random), external_id, name, email },
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await raiseRevision(transaction, partnerId);
  await record(writing, 'user.created', user.id);
  return { user, isNew: true };
}

/** Changes the given fields. Throws NotPossible `conflict` for another user's external id. */
export async function changeUser(
  writing: PartnerWriting,
  user: User,
  fields: UserFields,
): Promise<User> {
  const { transaction, partnerId } = writing;
  const differences = differencesOf(user, fields);
  if (differences.length === 0) return user;
  const { external_id } = fields;
  const other =
    external_id && external_id !== user.external_id
      ? await findUser(transaction, partnerId, `ext:${external_id}`)
      : undefined;
  if (other) throw takenExternalId('user', other.id);
  const changed = await transaction
    .updateTable('users')
    .set(Object.fromEntries(differences.map(({ field, given }) => [field, given])))
    .where('partner_id', '=', partnerId)
    .where('id', '=', user.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await raiseRevision(transaction, partnerId);
  const changes = differences.map(({ field }) => field);
  await record(writing, 'user.changed', user.id, { changes });
  return changed;
}

export function takenExternalId(what: 'user' | 'account', id: string): NotPossible {
  return new NotPossible(
    'conflict',
    `This external id is that of the ${what} ${id}.`,
    'external_id',
  );
}

function differencesOf(user: User, fields: UserFields): Difference[] {
  return fieldNames.flatMap((field) => {
    const given = fields[field];
    return given === undefined || given === user[field]
      ? []
      : [{ field, stored: user[field], given }];
  });
}
