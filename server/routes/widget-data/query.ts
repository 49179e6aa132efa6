import type { Sort } from '../../../shared/widgets.ts';
import type { PeriodQuery } from '../coverage.ts';

/** What a widget may be asked, whichever it is. */
export interface WidgetQuery extends PeriodQuery {
  firm_id?: string | undefined;
  /** `YYYY-MM`; absent: the current one. */
  month?: string | undefined;
  sort: Sort;
  limit: number;
  /** In the account's currency. */
  max_drawdown?: number | undefined;
}
