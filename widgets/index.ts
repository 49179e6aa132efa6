import type { WidgetAnswer } from '../shared/answers/widgets.ts';
import { define } from './core/define.ts';
import type { Refusal } from './core/refusal.ts';
import { EquityCurve } from './equity-curve/equity-curve.ts';
import { StatsCard } from './stats-card/stats-card.ts';

export type { WidgetAnswer } from '../shared/answers/widgets.ts';
export type { Refusal } from './core/refusal.ts';
export { EquityCurve, StatsCard };

define('pt-equity-curve', EquityCurve);
define('pt-stats-card', StatsCard);

declare global {
  interface HTMLElementTagNameMap {
    'pt-equity-curve': EquityCurve;
    'pt-stats-card': StatsCard;
  }
  interface HTMLElementEventMap {
    'pt-load': CustomEvent<WidgetAnswer>;
    'pt-error': CustomEvent<Refusal>;
  }
}
