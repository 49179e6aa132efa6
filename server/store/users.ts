import type { Selectable } from 'kysely';
import { namedBy } from './accounts.ts';
import type { Queries } from './database.ts';
import type { AgePlace } from './list-part.ts';
import type { UsersTable } from './schema.ts';

export type User = Selectable<UsersTable>;

/** A user, by its id or as `ext:` and its external id. */
export function findUser(
  database: Queries,
  partnerId: string,
  reference: string,
): Promise<User | undefined> {
  const [column, value] = namedBy(reference);
  return database
    .selectFrom('users')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .where(column, '=', value)
    .executeTakeFirst();
}

/** A partner's users after a place, the oldest first; `limit` + 1 of them show whether there are more. */
export function listUsers(
  database: Queries,
  partnerId: string,
  after: AgePlace | null,
  limit: number,
): Promise<User[]> {
  return database
    .selectFrom('users')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .$if(after !== null, (users) =>
      users.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('created_at', 'id'), '>', tuple(after!.created_at, after!.id)),
      ),
    )
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** What users are called, by their ids: a name, or else the nickname of the oldest account. */
export async function nameUsers(
  database: Queries,
  partnerId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const users = await database
    .selectFrom('users')
    .where('partner_id', '=', partnerId)
    .where('id', 'in', ids)
    .select((eb) => {
      const oldest = eb
        .selectFrom('accounts')
        .whereRef('accounts.partner_id', '=', 'users.partner_id')
        .whereRef('accounts.user_id', '=', 'users.id')
        .where('accounts.status', '<>', 'erased')
        .orderBy('accounts.created_at')
        .orderBy('accounts.id')
        .limit(1)
        .select('accounts.nickname');
      return ['id', eb.fn.coalesce('name', oldest).$notNull().as('called')] as const;
    })
    .execute();
  return new Map(users.map(({ id, called }) => [id, called]));
}
