import {
  canEmulate,
  clearPage,
  equal,
  itWith,
  ok,
  openShell,
  pointAtCurve,
  scene,
  textOf,
  until,
  violationsOf,
} from './page.js';

const { winner, loser, busy } = scene.accounts;
const widgets = scene.heights;
const names = Object.keys(widgets);

/** Firefox and WebKitGTK have the observer, but report no violations to it. */
const itReports = itWith(/Chrome/.test(navigator.userAgent), 'reports no violations to a page');

/** Languages that WebKitGTK formats differently than the server, by data of another year. */
const olderWords = /Chrome|Firefox/.test(navigator.userAgent) ? [] : ['ar', 'fa', 'he', 'th'];

/** Whether a shell's words must be the same before and after its script: of languages with words, and in Chromium, whose Intl is as new as the server's. */
const saysTheSame = (lang) => scene.languages.includes(lang) && canEmulate;

/** Whether a widget hears of changes is not known before its script, which then says so. */
const still = { live: 'off' };

/** The widget of a shell. */
function widgetIn(frame) {
  return frame.contentDocument.body.firstElementChild;
}

describe('a shell', () => {
  afterEach(clearPage);

  for (const [widget, height] of Object.entries(widgets)) {
    it(`of ${widget} shows the same before and after its script, without a layout shift`, async () => {
      const address = `/embed/partner/${widget}?${new URLSearchParams({ key: scene.key, account_id: winner })}`;
      const delivered = Document.parseHTMLUnsafe(await (await fetch(address)).text());
      const before = textOf(delivered.body.firstElementChild.shadowRoot);
      ok(/\d/.test(before), 'the still has no figures');

      const frame = await openShell(widget, { account_id: winner, ...still }, 400, height);
      const { contentWindow } = frame;
      const shifts = watchShifts(contentWindow);
      const element = widgetIn(frame);
      await until(() => element.hasUpdated);
      if (widget === 'equity-curve') await pointAtCurve(element);
      await new Promise((resolve) => setTimeout(resolve, 100));
      equal(textOf(element.shadowRoot), before);
      equal(shifts.length, 0);
      equal((await violationsOf(contentWindow)).join(), '');
      equal(contentWindow.document.documentElement.scrollHeight, height);
    });
  }

  for (const lang of [...scene.languages, 'fa', 'he', 'ur', 'hi', 'bn', 'mr', 'ne', 'my', 'th'])
    it(`has the same ${saysTheSame(lang) ? 'words and ' : ''}figures before and after its script in ${lang}`, async () => {
      const figuresOf = saysTheSame(lang)
        ? (text) => text
        : olderWords.includes(lang)
          ? digitsOf
          : amountsOf;
      for (const widget of names) {
        const parameters = { account_id: busy, lang };
        const address = `/embed/partner/${widget}?${new URLSearchParams({ key: scene.key, ...parameters })}`;
        const delivered = Document.parseHTMLUnsafe(await (await fetch(address)).text());
        const frame = await openShell(widget, { ...parameters, ...still }, 400, widgets[widget]);
        const shifts = watchShifts(frame.contentWindow);
        await until(() => widgetIn(frame).hasUpdated);
        await new Promise((resolve) => frame.contentWindow.requestAnimationFrame(resolve));
        const [before, after] = [delivered.body.firstElementChild, widgetIn(frame)].map(
          ({ shadowRoot }) => figuresOf(textOf(shadowRoot)),
        );
        ok(before.length > 0, 'no figures');
        equal(shifts.length, 0, `${widget} moved:`);
        equal(after, before, widget);
        frame.remove();
      }
    }).timeout(30_000);

  it('draws the canvas exactly over the SVG curve', async () => {
    const frame = await openShell('equity-curve', { account_id: winner }, 517, 300);
    const root = widgetIn(frame).shadowRoot ?? (await until(() => widgetIn(frame).shadowRoot));
    const canvas = await pointAtCurve(widgetIn(frame));
    const curve = root.querySelector('.curve').getBoundingClientRect();
    const box = canvas.getBoundingClientRect();
    for (const side of ['left', 'top', 'width', 'height'])
      ok(Math.abs(curve[side] - box[side]) < 0.5, `${side}: ${curve[side]} and ${box[side]}`);
  });

  for (const [name, account_id] of Object.entries({ winner, loser, busy }))
    it(`ends the curve of the ${name} in a dot, level with the label of its value`, async () => {
      const frame = await openShell('equity-curve', { account_id }, 400, 300);
      const root = await until(() => widgetIn(frame).shadowRoot);
      const box = (selector) => root.querySelector(selector).getBoundingClientRect();
      const [dot, plot, pill] = ['.dot', '.plot', '.pill'].map(box);
      const y = (dot.top + dot.bottom) / 2;
      ok(Math.abs(y - (pill.top + pill.bottom) / 2) < 1, `${y} is not where the label is`);
      const end = plot.left + (plot.width * (slots(root) - 0.5)) / slots(root);
      ok(Math.abs((dot.left + dot.right) / 2 - end) < 1, `${dot.left} is not the last day`);
    });

  it('reloads its answer with the parameters of its address', async () => {
    const frame = await openShell('stats-card', { account_id: loser, period: '7d' });
    const element = widgetIn(frame);
    await until(() => element.hasUpdated);
    await element.reload();
    ok(textOf(element.shadowRoot).includes('−$399.25'), 'another account');
    ok(textOf(element.shadowRoot).includes('7 days'), 'another period');
  });

  it('that is refused says why without a script', async () => {
    const frame = await openShell('stats-card', { key: scene.refusedKey });
    ok(textOf(widgetIn(frame).shadowRoot).includes('This key was refused'), 'no reason');
  });
});

it('a page with the strictest content policy shows all widgets as elements and in frames, without a violation', async () => {
  const frame = document.createElement('iframe');
  frame.src = '/strict.html';
  // Scaled down to have all of it in view.
  frame.style.cssText =
    'width: 1200px; height: 8000px; transform: scale(0.05); transform-origin: 0 0';
  document.body.append(frame);
  await until(() => frame.contentDocument?.querySelectorAll('iframe').length === names.length);
  const { contentDocument } = frame;
  for (const name of names) {
    const element = contentDocument.querySelector(`pt-${name}`);
    await until(() => element.answer, `${name} as an element`);
    const shell = contentDocument.querySelector(`iframe[src*="${name}"]`);
    await until(
      () => shell.contentDocument.querySelector(`pt-${name}`)?.answer,
      `${name} in a frame`,
    );
    equal((await violationsOf(shell.contentWindow)).join(), '', name);
  }
  const curve = contentDocument.querySelector('pt-equity-curve');
  await pointAtCurve(curve);
  equal((await violationsOf(frame.contentWindow)).join(), '');
  clearPage();
});

itReports('a violation would be reported', async () => {
  const frame = document.createElement('iframe');
  frame.src = '/strict.html?violate';
  document.body.append(frame);
  // The forbidden style is the last element.
  await until(() => frame.contentDocument?.querySelector('style'));
  equal((await violationsOf(frame.contentWindow)).join(), 'style-src-elem inline');
  clearPage();
});

/** A list of the layout shifts in a window, which grows. */
function watchShifts({ PerformanceObserver }) {
  const shifts = [];
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) shifts.push(shift.value);
  }).observe({ type: 'layout-shift', buffered: true });
  return shifts;
}

/** The text without words, which differ between versions of a browser. */
function amountsOf(text) {
  return text.match(/[\p{Nd}\p{Sc}\p{P}\p{Sm}]+/gu).join(' ');
}

/** The digits in use: Latin, Arabic or Persian. */
function digitsOf(text) {
  return ['0-9', '٠-٩', '۰-۹'].filter((range) => new RegExp(`[${range}]`).test(text)).join();
}

/** The number of slots on the curve's time axis. */
function slots(root) {
  return root.querySelector('.curve').viewBox.baseVal.width / 2;
}
