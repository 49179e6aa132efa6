import { sql } from 'kysely';
import type { Usage } from '../../shared/answers/partner.ts';
import { type Day, formatDay } from '../../shared/day.ts';
import type { Queries } from './database.ts';
import { selectRows } from './dialect.ts';
import type { UsageDaysTable } from './schema.ts';

const usageColumns = [
  'partner_id',
  'day',
  'key_id',
  'endpoint',
  'method',
  'requests',
  'admitted',
  'errors',
  'milliseconds',
] as const;

/**
 * Adds counts to those that are stored already; to be called in a transaction. Those of partners
 * that don't exist are left out: they were counted while another file was open.
 */
export async function addUsage(database: Queries, rows: readonly UsageDaysTable[]): Promise<void> {
  await database
    .insertInto('usage_days')
    .columns(usageColumns)
    .expression(
      sql`select * from (${selectRows(rows, usageColumns)})
        where partner_id in (select id from partners)`,
    )
    .onConflict((conflict) =>
      conflict.columns(['partner_id', 'day', 'key_id', 'endpoint', 'method']).doUpdateSet((eb) => ({
        requests: eb('usage_days.requests', '+', eb.ref('excluded.requests')),
        admitted: eb('usage_days.admitted', '+', eb.ref('excluded.admitted')),
        errors: eb('usage_days.errors', '+', eb.ref('excluded.errors')),
        milliseconds: eb('usage_days.milliseconds', '+', eb.ref('excluded.milliseconds')),
      })),
    )
    .execute();
}

/** When a partner's key, or session, was last used. */
export interface Use {
  partner_id: string;
  id: string;
  at: number;
}

/** Stores when keys, or sessions, were last used; each is given once. */
export async function addUses(
  database: Queries,
  table: 'keys' | 'sessions',
  uses: readonly Use[],
): Promise<void> {
  const column = sql.ref(table === 'keys' ? 'last_used_at' : 'used_at');
  await sql`
    with uses as (${selectRows(uses, ['partner_id', 'id', 'at'])})
    update ${sql.table(table)} as used set ${column} = uses.at from uses
    where used.partner_id = uses.partner_id and used.id = uses.id
      and (${column} is null or ${column} < uses.at)`.execute(database);
}

/** A partner's usage on the days from `from` on, by day and by endpoint. */
export async function readUsage(database: Queries, partnerId: string, from: Day): Promise<Usage> {
  const since = database
    .selectFrom('usage_days')
    .where('partner_id', '=', partnerId)
    .where('day', '>=', from);
  const days = await since
    .select((eb) => [
      'day',
      eb.fn.sum<number>('requests').as('requests'),
      eb.fn.sum<number>('errors').as('errors'),
      eb.fn.sum<number>('milliseconds').as('milliseconds'),
    ])
    .groupBy('day')
    .orderBy('day')
    .execute();
  const by_endpoint = await since
    .select((eb) => ['endpoint', 'method', eb.fn.sum<number>('requests').as('requests')])
    .groupBy(['endpoint', 'method'])
    .orderBy(sql`requests`, 'desc')
    .orderBy('endpoint')
    .orderBy('method')
    .execute();
  return {
    total_30d: days.reduce((sum, { requests }) => sum + requests, 0),
    errors_30d: days.reduce((sum, { errors }) => sum + errors, 0),
    daily: days.map(({ day, requests, errors, milliseconds }) => ({
      day: formatDay(day),
      requests,
      avg_ms: Math.round((100 * milliseconds) / requests) / 100,
      errors,
    })),
    by_endpoint,
  };
}

/**
 * How many requests of a day counted against each quota, by the id of the key it belongs to (of a
 * chain of rolled keys, the first), or `tokens` for embed tokens.
 */
export async function readAdmittedOfDay(
  database: Queries,
  partnerId: string,
  day: Day,
): Promise<Map<string, number>> {
  const rows = await database
    .selectFrom('usage_days')
    .leftJoin('keys', (join) =>
      join
        .onRef('keys.partner_id', '=', 'usage_days.partner_id')
        .onRef('keys.id', '=', 'usage_days.key_id'),
    )
    .select((eb) => [
      eb.fn.coalesce('keys.root_id', 'usage_days.key_id').as('whose'),
      eb.fn.sum<number>('usage_days.admitted').as('admitted'),
    ])
    .where('usage_days.partner_id', '=', partnerId)
    .where('usage_days.day', '=', day)
    .groupBy('whose')
    .execute();
  return new Map(rows.map(({ whose, admitted }) => [whose, admitted]));
}
