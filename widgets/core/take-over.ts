import type { WidgetName } from '../../shared/widgets.ts';
import type { WidgetElement } from './element.ts';
import { speak, vocabularyOf } from './language.ts';
import { loadOnDemand, need } from './on-demand.ts';
import { reportHeight } from './report-height.ts';
import { untilTomorrow } from './tomorrow.ts';

loadOnDemand({
  accent: () => import('./later/accent.ts'),
  asking: () => import('./later/asking.ts'),
  states: () => import('./later/states.ts'),
});

/**
 * Brings the still picture of a shell to life: the element that stands in the page draws the answer
 * in `<script type="application/json" id="answer">`, and from then on asks for itself with the
 * parameters of its address. A shell without an answer says why: it is loaded anew the next day.
 */
export function takeOver<Name extends WidgetName>(element: new () => WidgetElement<Name>): void {
  const answer = document.getElementById('answer');
  // The picture is on its way to the screen: nothing here may delay it.
  if (answer) requestAnimationFrame(() => setTimeout(() => bringToLife(element, answer)));
  else setTimeout(() => location.reload(), untilTomorrow());
  reportHeight();
}

async function bringToLife<Name extends WidgetName>(
  element: new () => WidgetElement<Name>,
  answer: HTMLElement,
): Promise<void> {
  const standing = document.querySelector<WidgetElement<Name>>('body > :first-child')!;
  const { language, words } = answer.dataset;
  // Until they are there, the still has them.
  if (language) {
    const vocabulary = vocabularyOf(language, await import(/* @vite-ignore */ words!));
    speak({ spokenIn: () => vocabulary });
  }
  // What drew the still without figures draws it again in the same frame.
  if (standing.shadowRoot?.querySelector('.notice')) await need('states');
  const parameters = new URLSearchParams(location.search);
  customElements.define(standing.localName, element);
  const { observedAttributes } = element as unknown as typeof WidgetElement;
  for (const name of observedAttributes) {
    const value = parameters.get(name.replaceAll('-', '_'));
    // What the still has is mended already; where answers come from is not for an address to say.
    if (value !== null && name !== 'base' && !standing.hasAttribute(name))
      standing.setAttribute(name, value);
  }
  standing.apiKey = parameters.get('key');
  standing.level = 1;
  standing.clockSkew = Number(answer.dataset.now) - performance.timeOrigin;
  standing.show(JSON.parse(answer.textContent!), performance.timeOrigin);
  askWhenDue(standing);
  // What the root's box is to be follows the figures, as in the still.
  standing.addEventListener('pt-load', () => {
    document.documentElement.style.height = `${standing.naturalHeight()}px`;
  });
}

/** Loads what asks when there may be something to ask, which it knows itself. */
function askWhenDue(element: WidgetElement): void {
  const pause = element.pause() * 1_000;
  const timer = pause ? setInterval(() => ask(), pause) : 0;
  const ask = async () => {
    try {
      (await element.asking()).resume();
    } catch {
      // Without a connection the next time tries again.
      return;
    }
    clearInterval(timer);
    for (const type of occasions) removeEventListener(type, ask);
  };
  const occasions = ['online', 'visibilitychange'];
  for (const type of occasions) addEventListener(type, ask);
}
