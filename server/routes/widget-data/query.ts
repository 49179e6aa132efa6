import type { Contenders, RankedStatus, Sort } from '../../../shared/widgets.ts';
import type { PeriodQuery } from '../coverage.ts';

/** The parameters of the data of all widgets. */
export interface WidgetQuery extends PeriodQuery {
  firm_id?: string | undefined;
  /** `YYYY-MM`; absent: the current one. */
  month?: string | undefined;
  sort: Sort;
  /** Of a leaderboard. */
  by: Contenders;
  status: RankedStatus;
  limit: number;
  /** The limit of the drawdown, in the account's currency. */
  max_drawdown?: number | undefined;
}
