import type { WidgetName } from '../../shared/widgets.ts';
import type { WidgetElement } from './element.ts';
import { setLanguages, vocabularyOf } from './language.ts';
import { load, provide } from './on-demand.ts';
import { reportHeight } from './report-height.ts';
import { untilUtcMidnight } from './utc-midnight.ts';

provide({
  accent: () => import('./lazy/accent.ts'),
  controller: () => import('./lazy/answer-controller.ts'),
  states: () => import('./lazy/states.ts'),
});

/**
 * Makes a shell live: its element draws the answer in `<script type="application/json" id="answer">`,
 * and from then on loads answers itself, with the parameters of the shell's address. A shell without an
 * answer is reloaded the next day.
 */
export function takeOver<Name extends WidgetName>(element: new () => WidgetElement<Name>): void {
  const answer = document.getElementById('answer');
  // After the first paint, so as not to delay it.
  if (answer) requestAnimationFrame(() => setTimeout(() => start(element, answer)));
  else setTimeout(() => location.reload(), untilUtcMidnight());
  reportHeight();
}

async function start<Name extends WidgetName>(
  elementClass: new () => WidgetElement<Name>,
  answer: HTMLElement,
): Promise<void> {
  const element = document.querySelector<WidgetElement<Name>>('body > :first-child')!;
  const { language, words } = answer.dataset;
  // The still shows its words until they are loaded here.
  if (language) {
    const vocabulary = vocabularyOf(language, await import(/* @vite-ignore */ words!));
    setLanguages({ vocabularyOf: () => vocabulary });
  }
  // A still without figures is drawn again within the same frame.
  if (element.shadowRoot?.querySelector('.notice')) await load('states');
  const parameters = new URLSearchParams(location.search);
  customElements.define(element.localName, elementClass);
  const { observedAttributes } = elementClass as unknown as typeof WidgetElement;
  for (const name of observedAttributes) {
    const value = parameters.get(name.replaceAll('-', '_'));
    // The still's own attributes are mended already. An address must not name another server.
    if (value !== null && name !== 'base' && !element.hasAttribute(name))
      element.setAttribute(name, value);
  }
  element.apiKey = parameters.get('key');
  element.level = 1;
  element.clockSkew = Number(answer.dataset.now) - performance.timeOrigin;
  element.show(JSON.parse(answer.textContent!), performance.timeOrigin);
  loadControllerWhenDue(element);
  // As in the still the root is as high as the figures need.
  element.addEventListener('pt-load', () => {
    document.documentElement.style.height = `${element.naturalHeight()}px`;
  });
}

/** Loads the answer controller when a new answer may be due; whether it is the controller decides. */
function loadControllerWhenDue(element: WidgetElement): void {
  const interval = element.refreshInterval() * 1_000;
  const timer = interval ? setInterval(() => resume(), interval) : 0;
  const resume = async () => {
    try {
      (await element.controller()).resume();
    } catch {
      // Without a connection the next event tries again.
      return;
    }
    clearInterval(timer);
    for (const type of events) removeEventListener(type, resume);
  };
  const events = ['online', 'visibilitychange'];
  for (const type of events) addEventListener(type, resume);
  // It follows changes from now on.
  if (element.isLive()) void resume();
}
