import { emulateMedia } from '/node_modules/@web/test-runner-commands/browser/commands.mjs';
import {
  canEmulate,
  clearPage,
  equal,
  itEmulates,
  ok,
  pointAtCurve,
  scene,
  until,
} from './page.js';

const names = Object.keys(scene.heights);

/** Rules for all elements, from popular resets and of other kinds. */
const resets = {
  'all: unset, of pseudo-elements too':
    '*, *::before, *::after { all: unset; box-sizing: border-box }',
  'all: unset !important': '* { all: unset !important }',
  'all: unset': '* { all: unset }',
  'all: initial': '* { all: initial }',
  'all: revert': '* { all: revert }',
  'The New CSS Reset': `*:where(:not(html, iframe, canvas, img, svg, video, audio):not(svg *, symbol *)) { all: unset; display: revert }
    *, *::before, *::after { box-sizing: border-box }
    html { -webkit-text-size-adjust: none; text-size-adjust: none }
    body { min-block-size: 100% } ol, ul, menu, summary { list-style: none }`,
  Meyer: `html, body, div, span, section, h1, h2, p, small, strong, b, i, dl, dt, dd, ol, ul, li, table, caption, tbody, tr, th, td, header, footer, pt-stats-card { margin: 0; padding: 0; border: 0; font-size: 100%; font: inherit; vertical-align: baseline }
    section, header, footer { display: block } body { line-height: 1 } ol, ul { list-style: none }
    table { border-collapse: collapse; border-spacing: 0 }`,
  Preflight: `*, ::before, ::after { box-sizing: border-box; margin: 0; padding: 0; border: 0 solid currentColor }
    html { line-height: 1.5; -webkit-text-size-adjust: 100%; tab-size: 4; font-family: ui-serif, serif }
    table { text-indent: 0; border-color: inherit; border-collapse: collapse }
    svg, img, canvas { display: block; vertical-align: middle } img { max-width: 100%; height: auto }`,
  'hidden until defined': ':not(:defined) { visibility: hidden }',
  'every inherited property': `* { color: red; font: italic small-caps 900 30px/3 serif; letter-spacing: 4px; word-spacing: 9px; text-transform: uppercase; text-align: justify; text-indent: 40px; text-shadow: 1px 1px red; white-space: pre; word-break: break-all; hyphens: auto; direction: rtl; list-style: square; quotes: none; cursor: wait; pointer-events: none; user-select: none; tab-size: 1; fill: red; stroke: red; text-anchor: end; caption-side: bottom; border-collapse: collapse; border-spacing: 9px; empty-cells: hide; color-scheme: light; accent-color: red; font-variant-numeric: oldstyle-nums; -webkit-text-fill-color: red; -webkit-text-stroke: 1px red; text-wrap: nowrap }`,
  'names of its own': `* { --surface: red; --line: red; --ink: red; --muted: red; --accent: red; --accent-mark: red; --row: 99px; --gap: 20px }`,
  'what it sets on elements of unknown names':
    ':not(html, head, head *, body, div) { display: inline; box-sizing: content-box; container-type: normal; contain: none; contain-intrinsic-size: 9px; min-width: auto; overflow: visible; float: none }',
};

/** A page with all widgets in a frame of `width` px, in which all of them are in view. */
async function openPage(style, attributes = '', width = 400, doctype = '<!doctype html>') {
  const frame = document.createElement('iframe');
  frame.style.cssText = `border: 0; width: ${width}px; height: 8000px; transform: scale(0.05); transform-origin: 0 0`;
  document.body.append(frame);
  const { contentDocument } = frame;
  contentDocument.write(`${doctype}<html lang="en"><head><style>html, body { margin: 0; height: 100% }</style><style>${style}</style><script type="module" src="/widgets.js" data-key="${scene.key}"></script></head><body>
${names.map((name) => `<pt-${name} account-id="${scene.accounts.busy}" ${attributes}></pt-${name}>`).join('\n')}</body></html>`);
  contentDocument.close();
  const elements = names.map((name) => contentDocument.querySelector(`pt-${name}`));
  for (const element of elements) {
    await until(() => element.answer, element.localName);
    await element.updateComplete;
  }
  await pointAtCurve(contentDocument.querySelector('pt-equity-curve'));
  return elements;
}

/** The boxes and computed styles of everything in a widget, a line each. */
function lookOf(element) {
  const from = element.shadowRoot.querySelector('.box').getBoundingClientRect();
  const view = element.ownerDocument.defaultView;
  const lines = [];
  for (const inner of element.shadowRoot.querySelectorAll('.box, .box *')) {
    const name = `${element.localName} ${inner.localName}.${inner.getAttribute('class')}`;
    const { left, top, width, height } = inner.getBoundingClientRect();
    const box = [left - from.left, top - from.top, width, height].map((px) => px.toFixed(2));
    // The height of inline boxes depends on the browser, and on the doctype.
    if (view.getComputedStyle(inner).display !== 'inline')
      lines.push(`${name} box ${inner.getClientRects().length ? box : 'none'}`);
    for (const pseudo of ['', '::before', '::after']) {
      const computed = view.getComputedStyle(inner, pseudo);
      if (!pseudo || computed.content !== 'none')
        lines.push(`${name}${pseudo} ${computed.cssText}`);
    }
  }
  return lines;
}

function differenceOf(one, other) {
  const known = new Set(other.split('; '));
  return (
    one.split(' ', 2).join(' ') +
    one
      .split('; ')
      .filter((part) => !known.has(part))
      .join('; ')
  );
}

describe('a page that resets everything', () => {
  let clean;
  before(async function () {
    this.timeout(30_000);
    clean = (await openPage('')).map(lookOf);
    clearPage();
  });
  afterEach(clearPage);

  function looksClean(elements) {
    for (const [index, element] of elements.entries()) {
      const look = lookOf(element);
      equal(look.length, clean[index].length, element.localName);
      const others = look.flatMap((line, at) =>
        line === clean[index][at] ? [] : differenceOf(line, clean[index][at]),
      );
      equal(others.slice(0, 9).join('\n'), '', element.localName);
    }
  }

  for (const [name, style] of Object.entries(resets))
    it(`by ${name} changes nothing inside`, async () => {
      looksClean(await openPage(style));
    }).timeout(30_000);

  it('by having no doctype changes nothing inside', async () => {
    looksClean(await openPage('', '', 400, ''));
  }).timeout(30_000);

  // With !important the page itself can't place them.
  const places = Object.entries(resets).filter(([, style]) => !style.includes('!important'));
  for (const [name, style] of [['nothing', ''], ...places])
    it(`by ${name} can still place its widgets`, async () => {
      const { ownerDocument: page } = (await openPage(style))[0];
      const set = (name, text) => {
        const element = page.querySelector(`pt-${name}`);
        element.style.cssText = text;
        return element;
      };
      const boxOf = (name) =>
        page
          .querySelector(`pt-${name}`)
          .shadowRoot.querySelector('section')
          .getBoundingClientRect();

      set('stats-card', 'display: none');
      equal(boxOf('stats-card').height, 0, 'display: none');
      page.querySelector('pt-win-streak').hidden = true;
      equal(boxOf('win-streak').height, 0, 'hidden');
      const unseen = set('trade-heatmap', 'visibility: hidden').shadowRoot.querySelector('h2');
      ok(!unseen.checkVisibility({ visibilityProperty: true }), 'visibility: hidden');

      for (const height of [150, 500]) {
        set('equity-curve', `display: block; width: 300px; height: ${height}px; margin: 10px`);
        equal(boxOf('equity-curve').width, 300);
        equal(boxOf('equity-curve').height, height);
      }
      set(
        'leaderboard',
        'display: block; position: fixed; inset: 0 auto auto 0; width: 350px; height: 450px; z-index: 9',
      );
      const { top, right, width, height } = boxOf('leaderboard');
      equal([top, right, width, height].join(), '0,350,350,450');
      set('risk-metrics', 'display: block; width: 300px; height: auto');
      equal(boxOf('risk-metrics').height, scene.heights['risk-metrics']);
      set('recent-trades', '--pt-surface: rgb(1, 2, 3)');
      const card = page.querySelector('pt-recent-trades').shadowRoot.querySelector('section');
      equal(page.defaultView.getComputedStyle(card).backgroundColor, 'rgb(1, 2, 3)');
    }).timeout(30_000);
});

describe('on paper', () => {
  afterEach(async () => {
    if (canEmulate) await emulateMedia({ media: 'screen' });
    clearPage();
  });

  for (const theme of ['dark', 'light', 'auto'])
    itEmulates(`widgets of theme ${theme} are light`, async () => {
      const elements = await openPage('', `theme="${theme}"`);
      await emulateMedia({ media: 'print' });
      for (const { shadowRoot, localName, ownerDocument } of elements) {
        const card = shadowRoot.querySelector('section');
        const { backgroundColor } = ownerDocument.defaultView.getComputedStyle(card);
        equal(backgroundColor, 'rgb(255, 255, 255)', localName);
        for (const curve of shadowRoot.querySelectorAll('.drawn .curve'))
          ok(curve.checkVisibility({ visibilityProperty: true }), 'the canvas is printed');
      }
    }).timeout(30_000);
});
