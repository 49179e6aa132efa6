import type { WidgetName } from '../../shared/widgets.ts';
import { define } from './define.ts';
import type { WidgetElement } from './element.ts';
import { untilTomorrow } from './tomorrow.ts';

/**
 * Brings the still picture of a shell to life: the element that stands in the page draws the answer
 * in `<script type="application/json" id="answer">`, and from then on asks for itself with the
 * parameters of its address. A shell without an answer says why: it is loaded anew the next day.
 */
export function takeOver<Name extends WidgetName>(element: new () => WidgetElement<Name>): void {
  const answer = document.getElementById('answer')?.textContent;
  // The picture is on its way to the screen: nothing here may delay it.
  if (answer) requestAnimationFrame(() => setTimeout(() => bringToLife(element, answer)));
  else setTimeout(() => location.reload(), untilTomorrow());
}

function bringToLife<Name extends WidgetName>(
  element: new () => WidgetElement<Name>,
  answer: string,
): void {
  const standing = document.querySelector<WidgetElement<Name>>('body > :first-child')!;
  const parameters = new URLSearchParams(location.search);
  define(standing.localName, element);
  standing.apiKey = parameters.get('key') ?? parameters.get('api_key');
  standing.accountId = parameters.get('account_id');
  standing.period = parameters.get('period');
  standing.currency = parameters.get('currency');
  standing.show(JSON.parse(answer), performance.timeOrigin);
}
