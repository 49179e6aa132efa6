import { clearPage, equal, ok, openShell, until } from './page.js';

/** The widgets with items. */
const names = [
  'leaderboard',
  'trade-heatmap',
  'instrument-breakdown',
  'monthly-calendar',
  'recent-trades',
];

const ways = {
  'a click': (item) =>
    item.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true })),
  'a tap': (item) => {
    for (const type of ['pointerover', 'pointerdown', 'pointerup', 'click'])
      item.dispatchEvent(
        new PointerEvent(type, { pointerType: 'touch', bubbles: true, composed: true }),
      );
  },
  Enter: (item) => press(item, 'Enter'),
  'the space bar': (item) => press(item, ' '),
};

function press(item, key) {
  item.focus();
  for (const repeat of [false, true])
    item.dispatchEvent(
      new KeyboardEvent('keydown', {
        key,
        repeat,
        bubbles: true,
        composed: true,
        cancelable: true,
      }),
    );
}

/** A page where the code for pointing never arrives, and that for the canvas fails to load. */
async function openElements(script, tags) {
  const frame = document.createElement('iframe');
  frame.style.cssText = 'width: 500px; height: 900px; border: 0';
  frame.src = `/without-pointing/page.html?${new URLSearchParams({ script, tags })}`;
  document.body.append(frame);
  return until(() => frame.contentDocument?.querySelector('[account-id]') && frame.contentDocument);
}

describe('the first choice of an item', () => {
  afterEach(clearPage);

  for (const script of ['widgets.js', 'loader.js'])
    for (const [way, choose] of Object.entries(ways))
      it(`by ${way} is emitted before the code for pointing is there, with ${script}`, async () => {
        for (const name of names) {
          const page = await openElements(script, name);
          const element = page.querySelector(`pt-${name}`);
          const item = await until(() => element.shadowRoot?.querySelector('[data-item]'), name);
          const chosen = [];
          element.addEventListener('pt-select', ({ detail }) => chosen.push(detail));
          choose(item);
          equal(chosen.length, 1, name);
          equal(chosen[0].widget, name);
          ok(chosen[0].item, `${name}: no item`);
          clearPage();
        }
      });

  it('of the curve, a day, is emitted too', async () => {
    const page = await openElements('widgets.js', 'equity-curve');
    const curve = page.querySelector('pt-equity-curve');
    const chart = await until(() => curve.answer && curve.shadowRoot.querySelector('.chart'));
    await curve.updateComplete;
    const chosen = [];
    curve.addEventListener('pt-select', ({ detail }) => chosen.push(detail.item));
    const { left, top, width } = chart.getBoundingClientRect();
    for (const type of ['pointerdown', 'click'])
      chart.dispatchEvent(
        new PointerEvent(type, { clientX: left + width / 2, clientY: top + 20, bubbles: true }),
      );
    equal(chosen.length, 1);
    ok(chosen[0].day, 'no day');
    ok(!curve.shadowRoot.querySelector('.drawn'), 'the canvas was loaded');
  });

  it('is emitted once when that code is there', async () => {
    const frame = await openShell('leaderboard', {}, 500, 400);
    const board = frame.contentDocument.querySelector('pt-leaderboard');
    await until(() => board.hasUpdated);
    const item = board.shadowRoot.querySelector('[data-item]');
    const chosen = [];
    board.addEventListener('pt-select', ({ detail }) => chosen.push(detail));
    item.focus();
    await until(() => board.shadowRoot.querySelector('section > .tip'));
    for (const choose of Object.values(ways)) choose(item);
    equal(chosen.length, Object.keys(ways).length);
  });
});
