import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import type { Refusal } from './refusal.ts';

/** What a visitor chose in a widget, by pointer or keyboard. */
export interface Selection {
  widget: WidgetName;
  /** The row, cell or day, as it is in the answer. */
  item: unknown;
}

declare global {
  interface HTMLElementEventMap {
    'pt-load': CustomEvent<WidgetAnswer>;
    'pt-error': CustomEvent<Refusal>;
    'pt-select': CustomEvent<Selection>;
  }
}
