import type { NotNull, Selectable } from 'kysely';
import { startOfUtcDay } from '../../shared/day.ts';
import { type Run, RunBuilder } from '../analytics/run.ts';
import { sequenceColumns } from './columns.ts';
import type { Database } from './database.ts';
import { isStorageFailure } from './dialect.ts';
import type { PartnerDaysTable } from './schema.ts';

type PartnerDay = Selectable<PartnerDaysTable>;

/**
 * Rebuilds the columns of a stale day that depend on the order of its trades over all accounts, and
 * stores them. `revision` is the revision of the partner's data that are read for it.
 */
export async function rebuildDay(
  database: Database,
  stale: PartnerDay,
  revision: number,
): Promise<Run> {
  const trades = await database.read
    .selectFrom('account_days')
    // SQLite keeps the order of cross joins. With plain joins it would start with all trades.
    .crossJoin('accounts')
    .crossJoin('trades')
    .whereRef('accounts.partner_id', '=', 'account_days.partner_id')
    .whereRef('accounts.id', '=', 'account_days.account_id')
    .whereRef('accounts.attempt', '=', 'account_days.attempt')
    .whereRef('trades.partner_id', '=', 'account_days.partner_id')
    .whereRef('trades.account_id', '=', 'account_days.account_id')
    .whereRef('trades.attempt', '=', 'account_days.attempt')
    .select(['trades.entry_time', 'trades.exit_time', 'trades.pnl', 'trades.commission'])
    .$narrowType<{ exit_time: NotNull; pnl: NotNull }>()
    .where('account_days.partner_id', '=', stale.partner_id)
    .where('account_days.day', '=', stale.day)
    .where('accounts.currency', '=', stale.currency)
    .where('trades.exit_time', '>=', startOfUtcDay(stale.day))
    .where('trades.exit_time', '<', startOfUtcDay(stale.day + 1))
    .orderBy('trades.exit_time')
    .orderBy('trades.entry_time')
    .orderBy('trades.account_id')
    .orderBy('trades.id')
    .execute();
  const builder = new RunBuilder();
  for (const trade of trades) builder.add(trade);
  const run = builder.finish();
  await keep(database, stale, run, revision);
  return run;
}

/** Stores what was rebuilt, unless data have changed since or the database can't be written now. */
async function keep(database: Database, day: PartnerDay, run: Run, revision: number) {
  try {
    await database.write
      .updateTable('partner_days')
      .set({ ...sequenceColumns(run), is_stale: 0 })
      .where('partner_id', '=', day.partner_id)
      .where('currency', '=', day.currency)
      .where('day', '=', day.day)
      .where((eb) =>
        eb(
          eb.selectFrom('partners').select('revision').where('id', '=', day.partner_id),
          '=',
          revision,
        ),
      )
      .execute();
  } catch (error) {
    if (!isStorageFailure(error)) throw error;
  }
}
