import { clearPage, equal, itWith, ok, put, scene, shows, textOf, until } from './page.js';

await import('/widgets.js');

const { winner, loser, busy } = scene.accounts;
const names = Object.keys(scene.heights);

const { supportedEntryTypes } = PerformanceObserver;
const itShifts = itWith(supportedEntryTypes.includes('layout-shift'), 'reports no layout shifts');

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('every element', () => {
  afterEach(clearPage);

  for (const name of names) {
    it(`pt-${name} has the attributes and the height of the catalogue`, async () => {
      const element = put(`pt-${name}`, { 'account-id': busy });
      equal(
        [...element.constructor.observedAttributes].sort().join(),
        [...scene.attributes[name]].sort().join(),
      );
      equal(element.getBoundingClientRect().height, scene.heights[name]);
      const heading = await until(() => element.shadowRoot?.querySelector('h2')?.textContent);
      ok(heading, 'no heading');
      await until(() => element.answer);
      await element.updateComplete;
      equal(element.answer.widget, name);
      equal(element.getBoundingClientRect().height, scene.heights[name]);
    });

    itShifts(`pt-${name} causes no layout shift when it loads`, async () => {
      const shifts = [];
      const observer = new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) shifts.push(shift.value);
      });
      observer.observe({ type: 'layout-shift' });
      const element = put(`pt-${name}`, { 'account-id': busy });
      const after = document.createElement('p');
      after.textContent = 'A paragraph below.';
      element.parentElement.after(after);
      await until(() => element.answer);
      await element.updateComplete;
      await pause(100);
      observer.disconnect();
      equal(shifts.join(), '');
    });
  }

  it('takes parameters as properties too', async () => {
    const card = put('pt-stats-card');
    card.accountId = loser;
    card.period = '7d';
    await shows(card, '−$399.25');
    await shows(card, '7 days');
  });
});

describe('the style of a page', () => {
  afterEach(() => {
    clearPage();
    document.adoptedStyleSheets = [];
  });

  const style = (text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  };

  it('has no effect within a widget', async () => {
    const plain = put('pt-stats-card', { 'account-id': winner });
    await shows(plain, '+$500.50');
    const look = ({ shadowRoot }) =>
      ['section', 'h2', '.hero', 'dt', '.detail'].map((selector) => {
        const { color, fontSize, fontFamily, letterSpacing, textTransform, textAlign, lineHeight } =
          getComputedStyle(shadowRoot.querySelector(selector));
        return [
          color,
          fontSize,
          fontFamily,
          letterSpacing,
          textTransform,
          textAlign,
          lineHeight,
        ].join();
      });
    const before = look(plain).join('\n');
    style(
      `* { color: red; font: 30px/3 serif; letter-spacing: 4px; text-transform: uppercase; text-align: right; }
       section, h2, p, dt, dd { display: none; color: lime; }`,
    );
    equal(look(plain).join('\n'), before);
  });

  it('can set what is documented', async () => {
    style(
      `body { --pt-surface: rgb(1, 2, 3); --pt-ink: rgb(4, 5, 6); --pt-profit: rgb(7, 8, 9); --pt-radius: 3px; --pt-font: monospace; --pt-accent: rgb(10, 11, 12) }
       pt-stats-card::part(title) { letter-spacing: 2px }`,
    );
    const card = put('pt-stats-card', { 'account-id': winner });
    await shows(card, '+$500.50');
    const of = (selector) => getComputedStyle(card.shadowRoot.querySelector(selector));
    equal(of('section').backgroundColor, 'rgb(1, 2, 3)');
    equal(of('section').borderRadius, '3px');
    equal(of('section').fontFamily, 'monospace');
    equal(of('.hero').color, 'rgb(4, 5, 6)');
    equal(of('.up').fill, 'rgb(7, 8, 9)');
    equal(of('.stripes').stroke, 'rgb(10, 11, 12)');
    equal(of('h2').letterSpacing, '2px');
    for (const part of ['card', 'header', 'title', 'value', 'footer'])
      ok(card.shadowRoot.querySelector(`[part="${part}"]`), part);
  });
});

describe('choosing an item', () => {
  afterEach(clearPage);

  /** The widgets with items, and a field of each item. */
  const items = {
    leaderboard: 'account_id',
    'trade-heatmap': 'hour',
    'instrument-breakdown': 'symbol',
    'monthly-calendar': 'day',
    'recent-trades': 'exit_time',
  };
  for (const [name, field] of Object.entries(items))
    it(`in ${name} works by pointer and by keys, and emits pt-select`, async () => {
      const element = put(`pt-${name}`, { 'account-id': busy });
      const chosen = [];
      element.addEventListener('pt-select', ({ detail }) => chosen.push(detail));
      const all = await until(() => {
        const found = element.shadowRoot?.querySelectorAll('[data-item]');
        return found?.length > 1 && found;
      });
      const stops = element.shadowRoot.querySelectorAll('[data-item][tabindex="0"]');
      equal(stops.length, 1, 'tab stops');
      stops[0].focus();
      const tip = await until(() => element.shadowRoot.querySelector('section > .tip'));
      ok(stops[0].ariaLabel, 'the item has no name');
      const press = (key) =>
        element.shadowRoot.activeElement.dispatchEvent(
          new KeyboardEvent('keydown', { key, bubbles: true, composed: true }),
        );
      press('End');
      equal(element.shadowRoot.activeElement, all[all.length - 1]);
      press('Home');
      equal(element.shadowRoot.activeElement, all[0]);
      press('ArrowDown');
      press('ArrowRight');
      ok(element.shadowRoot.activeElement !== all[0], 'arrow keys don’t move');
      equal(tip.textContent, element.shadowRoot.activeElement.ariaLabel);
      press('Enter');
      all[0].click();
      equal(chosen.length, 2);
      for (const { widget, item } of chosen) {
        equal(widget, name);
        ok(item[field] !== undefined, `no ${field} in ${JSON.stringify(item)}`);
      }
      equal(element.shadowRoot.querySelectorAll('[data-item][tabindex="0"]').length, 1);
    });

  it('on the curve, a day, works by keys', async () => {
    const curve = put('pt-equity-curve', { 'account-id': winner });
    const chart = await until(() => curve.shadowRoot?.querySelector('.chart[tabindex]'));
    const chosen = new Promise((resolve) => curve.addEventListener('pt-select', resolve));
    for (const key of ['ArrowLeft', 'Enter'])
      chart.dispatchEvent(new KeyboardEvent('keydown', { key }));
    equal((await chosen).detail.item.day, '2026-11-20');
  });

  it('that is another month loads it', async () => {
    const calendar = put('pt-monthly-calendar', { 'account-id': busy });
    await shows(calendar, 'November 2026');
    const [previous, next] = calendar.shadowRoot.querySelectorAll('button');
    ok(next.disabled && !previous.disabled, 'a future month can be chosen');
    previous.click();
    await shows(calendar, 'October 2026');
    ok(!calendar.shadowRoot.querySelectorAll('button')[1].disabled, 'no way back');
  });

  it('that is another order ranks by it', async () => {
    const board = put('pt-leaderboard', { 'account-id': busy });
    await until(() => board.answer);
    equal(board.answer.data.sort, 'pnl');
    await board.updateComplete;
    const button = [...board.shadowRoot.querySelectorAll('th button')].find(({ textContent }) =>
      textContent.includes('Trades'),
    );
    button.click();
    await until(() => board.answer.data.sort === 'trades');
    await board.updateComplete;
    equal(board.shadowRoot.querySelector('[aria-sort="descending"]').textContent.trim(), 'Trades');
  });
});

describe('recent trades', () => {
  afterEach(clearPage);

  it('say of when they are after two refresh intervals without an answer', async () => {
    const { now } = Date;
    const feed = put('pt-recent-trades', { 'account-id': busy, refresh: '20', live: 'off' });
    await shows(feed, '+$62.50');
    try {
      for (const [seconds, isOld] of [
        [39, false],
        [41, true],
      ]) {
        Date.now = () => now.call(Date) + seconds * 1_000;
        feed.requestUpdate();
        await feed.updateComplete;
        equal(textOf(feed.shadowRoot).includes('As of '), isOld, `after ${seconds} s`);
      }
    } finally {
      Date.now = now;
    }
  });

  it('are added to the picture', async () => {
    const feed = put('pt-recent-trades', { 'account-id': busy });
    await shows(feed, '+$62.50');
    const { data } = feed.answer;
    const [latest] = data.trades;
    const trade = { ...latest, id: 'new', pnl: 99.75, exit_time: latest.exit_time + 1_000 };
    feed.answer = { ...feed.answer, data: { ...data, trades: [trade, ...data.trades] } };
    await shows(feed, '+$99.75');
  });
});

it('two versions of the script work on one page', async () => {
  const { StatsCard } = customElements.get('pt-stats-card')
    ? { StatsCard: customElements.get('pt-stats-card') }
    : {};
  await import('/loader.js');
  await import('/widgets.js?another');
  equal(customElements.get('pt-stats-card'), StatsCard);
  const card = put('pt-stats-card', { 'account-id': winner });
  await shows(card, '+$500.50');
  ok(textOf(card.shadowRoot).includes('Winner 50K'), 'no account');
  clearPage();
});
