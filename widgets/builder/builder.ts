import { html, render, type TemplateResult } from 'lit';
import {
  attributeOf,
  isWidgetName,
  type Parameter,
  type ParameterName,
  parameters,
  type Widget,
  type WidgetName,
  widgetNames,
  widgets,
} from '../../shared/widgets.ts';
import { drawField, mendValue } from './fields.ts';
import { warningOf } from './key-warning.ts';
import { addressOf, type Choice, snippets } from './snippets.ts';

/** In px: the widths that widgets are made for. */
const widths = { least: 240, most: 1200 };

/** The state is in the fragment of the page's address: a link shows the same, and no server sees the key. */
const state = readState();

function readState() {
  const given = new URLSearchParams(location.hash.slice(1));
  const take = (name: string) => {
    const value = given.get(name) ?? '';
    given.delete(name);
    return value;
  };
  const widget = take('widget');
  const tab = take('tab');
  return {
    widget: (isWidgetName(widget) ? widget : widgetNames[0]) as WidgetName,
    key: take('key'),
    width: Math.min(Math.max(Number(take('width')) || 400, widths.least), widths.most),
    tab: Object.hasOwn(snippets, tab) ? tab : 'iframe',
    values: Object.fromEntries(given) as Record<string, string>,
    /** Why the key must not be put into a page, if it must not. */
    warning: '',
    /** Whether the snippet was copied. */
    copied: '' as '' | 'Copied' | 'Refused',
  };
}

function keepState(): void {
  const { widget, key, width, tab, values } = state;
  const query = new URLSearchParams({ widget, key, width: String(width), tab, ...values });
  history.replaceState(null, '', `#${query}`);
}

/** What the preview and the snippet show: only parameters that the widget has. */
function choice(): Choice {
  const { widget, key } = state;
  const set = widgets[widget].parameters
    .map((name) => [name, valueGiven(name)] as const)
    .filter(([, value]) => value);
  return { widget, key, origin: location.origin, values: Object.fromEntries(set) };
}

/** Mended, as it may come from the address. */
function valueGiven(name: ParameterName): string {
  return mendValue(name, state.values[name] ?? '', widgets[state.widget]);
}

function change(changes: Partial<typeof state>): void {
  Object.assign(state, { copied: '' }, changes);
  keepState();
  draw();
}

function setKey(key: string): void {
  change({ key, warning: '' });
  void checkKey(key);
}

async function checkKey(key: string): Promise<void> {
  const warning = await warningOf(key);
  if (key !== state.key) return;
  // Not by change(), which would remove the message about copying.
  state.warning = warning;
  draw();
}

function drawPage(): TemplateResult {
  const { widget, key, warning } = state;
  const shown: Widget = widgets[widget];
  const { description, parameters: names } = shown;
  const field = (name: ParameterName) =>
    drawField(name, valueGiven(name), shown, (changed, value) =>
      change({ values: { ...state.values, [changed]: value } }),
    );
  const fieldsOf = (group: Parameter['group']) =>
    names.filter((name) => parameters[name].group === group).map(field);
  return html`<header><h1>Widget builder</h1><p>Choose a widget, set it up, paste the snippet into your page.</p></header>
    <main>
      <form @submit=${(event: Event) => event.preventDefault()}>
        <div class="field">
          <label for="widget">Widget</label>
          <select id="widget" aria-describedby="widget-help" @change=${(event: Event) =>
            change({ widget: (event.target as HTMLSelectElement).value as WidgetName })}>
            ${widgetNames.map((name) => html`<option value=${name} ?selected=${name === widget}>${widgets[name].title} · ${name}</option>`)}
          </select>
          <p id="widget-help">${description}</p>
        </div>
        <div class="field">
          <label for="key">Key</label>
          <input id="key" .value=${key} placeholder="pt_…" spellcheck="false" autocomplete="off" aria-describedby="key-help" @change=${(
            event: Event,
          ) => setKey((event.target as HTMLInputElement).value.trim())}>
          <p class="warning" role="alert">${warning}</p>
          <p id="key-help">With embed:read alone, as your page makes it public. It is kept in this page’s address, after the #.</p>
        </div>
        <fieldset><legend>Data</legend>${fieldsOf('data')}</fieldset>
        <fieldset><legend>Look</legend>${fieldsOf('look')}</fieldset>
      </form>
      <div class="result">${drawStage()}${drawSnippet()}</div>
    </main>`;
}

function drawStage(): TemplateResult {
  const { width, tab } = state;
  const { values } = choice();
  const theme = values.theme === 'light' ? 'light' : values.theme === 'auto' ? 'auto' : 'dark';
  return html`<section class=${`stage ${theme}`} aria-label="Preview">
    <div class="resizable">
      <div class="box" id="box">${tab === 'iframe' ? drawFrame() : drawElement()}</div>
      <div class="handle" role="separator" aria-orientation="vertical" aria-label="Width" tabindex="0"
        aria-valuemin=${widths.least} aria-valuemax=${widths.most} aria-valuenow=${width} aria-valuetext=${`${width} pixels`}
        @pointerdown=${startDrag} @keydown=${step}></div>
    </div>
    <p>${width} × ${widgets[state.widget].height} px</p>
  </section>`;
}

function drawFrame(): TemplateResult {
  const made = choice();
  const { title, height } = widgets[made.widget];
  return html`<iframe id="preview" title=${title} src=${made.key ? addressOf(made) : addressOf(made).replace(/key=[^&]*&?/, '')} height=${height}></iframe>`;
}

/** Filled by fillElement(), as a template can't have a variable tag or attributes. */
function drawElement(): TemplateResult {
  return html`<div id="preview"></div>`;
}

function fillElement(): void {
  const place = document.querySelector('div#preview');
  if (!place) return;
  const { widget, key, values } = choice();
  const tag = `pt-${widget}`;
  let element = place.firstElementChild;
  if (element?.localName !== tag) {
    element = document.createElement(tag);
    place.replaceChildren(element);
  }
  const wanted: Record<string, string> = { 'api-key': key };
  for (const [name, value] of Object.entries(values)) wanted[attributeOf(name)] = value;
  for (const name of element.getAttributeNames())
    if (!(name in wanted)) element.removeAttribute(name);
  for (const [name, value] of Object.entries(wanted))
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function drawSnippet(): TemplateResult {
  const { tab, copied } = state;
  const text = snippets[tab]!(choice());
  return html`<section class="snippet" aria-label="Snippet">
    <div class="bar">
      <div role="tablist" aria-label="Kind of snippet" @keydown=${turnTab}>${Object.keys(
        snippets,
      ).map(
        (name) =>
          html`<button type="button" role="tab" id=${`tab-${name}`} aria-controls="snippet" aria-selected=${name === tab} tabindex=${name === tab ? 0 : -1} @click=${() => change({ tab: name })}>${name}</button>`,
      )}</div>
      <button type="button" class="copy" @click=${() => copy(text)}>${copied === 'Copied' ? copied : 'Copy'}</button>
    </div>
    <pre id="snippet" role="tabpanel" aria-labelledby=${`tab-${tab}`} tabindex="0"><code>${text}</code></pre>
    <p role="status" class=${copied === 'Refused' ? 'warning' : 'visually-hidden'}>${copyMessages[copied]}</p>
  </section>`;
}

const copyMessages = {
  '': '',
  Copied: 'The snippet was copied.',
  Refused: 'The browser refused to copy. Select the snippet and copy it yourself.',
};

async function copy(text: string): Promise<void> {
  try {
    // There is no clipboard on a page that is not served by https.
    await navigator.clipboard.writeText(text);
    change({ copied: 'Copied' });
  } catch {
    change({ copied: 'Refused' });
  }
}

function turnTab(event: KeyboardEvent): void {
  const names = Object.keys(snippets);
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const next = names[(names.indexOf(state.tab) + by + names.length) % names.length]!;
  change({ tab: next });
  document.getElementById(`tab-${next}`)?.focus();
}

function setWidth(width: number): void {
  change({ width: Math.round(Math.min(Math.max(width, widths.least), widths.most)) });
}

function startDrag(event: PointerEvent): void {
  const handle = event.currentTarget as HTMLElement;
  const start = state.width - event.clientX;
  handle.setPointerCapture(event.pointerId);
  const move = ({ clientX }: PointerEvent) => setWidth(start + clientX);
  handle.addEventListener('pointermove', move);
  handle.addEventListener(
    'lostpointercapture',
    () => {
      handle.removeEventListener('pointermove', move);
    },
    { once: true },
  );
}

function step(event: KeyboardEvent): void {
  const to = {
    ArrowRight: state.width + 10,
    ArrowLeft: state.width - 10,
    Home: widths.least,
    End: widths.most,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  setWidth(to);
}

function draw(): void {
  render(drawPage(), document.body);
  document.getElementById('box')!.style.width = `${state.width}px`;
  fillElement();
}

// The elements as any other page loads them.
void import(/* @vite-ignore */ `${location.origin}/loader.js`);
document.body.replaceChildren();
draw();
void checkKey(state.key);
