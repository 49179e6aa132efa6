import type { DrawdownFigures } from '../../../shared/answers/widgets.ts';
import { fromDecimal } from '../../../shared/money.ts';
import { describeDrawdown, findBreach, gaugeDrawdown } from '../../analytics/drawdown.ts';
import type { Run } from '../../analytics/run.ts';
import { measureFalls } from '../../analytics/way.ts';
import type { Asked } from '../../route.ts';
import { always, type DayOf, readRuns, readWays } from '../../store/days.ts';
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
  if (query.max_drawdown === undefined) return null;
  const limit = fromDecimal(query.max_drawdown);
  const days = span === always ? runs : await readRuns(database.read, subject, always);
  const history = span === always ? run : joinDays(days);
  const breachedOn = history.fall > limit ? findBreach(days, limit) : null;
  return { ...gaugeDrawdown(history, limit), breachedOn };
}
