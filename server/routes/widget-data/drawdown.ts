import type { DrawdownFigures } from '../../../shared/answers/widgets.ts';
import { fromDecimal, type Units } from '../../../shared/money.ts';
import { describeDrawdown, findBreach, gaugeDrawdown } from '../../analytics/drawdown.ts';
import type { Run } from '../../analytics/run.ts';
import { measureFalls } from '../../analytics/way.ts';
import type { Asked } from '../../route.ts';
import { always, type DayOf, readRuns, readWays, type Subject } from '../../store/days.ts';
import type { Covered } from '../coverage.ts';
import { activeDay, joinDays } from './days.ts';
import type { WidgetQuery } from './query.ts';

/** `run`: all of `runs` joined. */
export async function drawdownOf(
  asked: Asked<WidgetQuery>,
  covered: Covered,
  runs: DayOf<Run>[],
  run: Run,
): Promise<DrawdownFigures> {
  return {
    ...describeDrawdown(run, runs.map(activeDay), await falls(asked, covered)),
    gauge: await gauge(asked, covered, runs, run),
  };
}

async function falls({ database }: Asked<WidgetQuery>, { subject, span }: Covered) {
  if (subject.kind !== 'account') return null;
  const ways = await readWays(database.read, subject, span);
  return measureFalls(ways, subject.account.starting_balance);
}

async function gauge(
  { query, database }: Asked<WidgetQuery>,
  { subject, span }: Covered,
  runs: DayOf<Run>[],
  run: Run,
) {
  const limit = limitOf(query, subject);
  if (limit === null) return null;
  const days = span === always ? runs : await readRuns(database.read, subject, always);
  const history = span === always ? run : joinDays(days);
  const breachedOn = history.fall > limit ? findBreach(days, limit) : null;
  return { ...gaugeDrawdown(history, limit), breachedOn };
}

/** The limit that the address names, or else that of the account's attempt. */
function limitOf({ max_drawdown }: WidgetQuery, subject: Subject): Units | null {
  if (max_drawdown !== undefined) return fromDecimal(max_drawdown);
  return subject.kind === 'account' ? subject.account.max_drawdown : null;
}
