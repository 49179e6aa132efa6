import {
  answering,
  clearPage,
  equal,
  itWith,
  ok,
  pointAtCurve,
  put,
  refusal,
  scene,
  shows,
  textOf,
  until,
} from './page.js';

await import('/widgets.js');

const { winner, loser, large, empty, busy } = scene.accounts;
const names = Object.keys(scene.heights);

const boxOf = ({ shadowRoot }) => shadowRoot.querySelector('.box');
const itCollects = itWith(globalThis.gc, 'collects no garbage on demand');

describe('widgets.js', () => {
  afterEach(clearPage);

  it('draws an account’s figures', async () => {
    const card = put('pt-stats-card', { 'account-id': winner });
    await shows(card, '+$500.50');
    const text = textOf(card.shadowRoot);
    for (const part of [
      'Winner 50K',
      '30 days',
      '66.7%',
      '2 won · 1 lost',
      '4.34',
      '3 trading days',
    ])
      ok(text.includes(part), `${part} is missing in:\n${text}`);
  });

  it('draws all accounts together if none is given', async () => {
    await shows(put('pt-stats-card'), 'All accounts');
  });

  it('does not show all accounts when the account is empty', async () => {
    await shows(put('pt-stats-card', { 'account-id': '' }), 'This account wasn’t found');
  });

  it('marks a loss by more than colour', async () => {
    const card = put('pt-stats-card', { 'account-id': loser });
    await shows(card, '−$399.25');
    ok(card.shadowRoot.querySelector('.hero .down'), 'no arrow down');
  });

  it('follows changes of attributes', async () => {
    const card = put('pt-stats-card', { 'account-id': winner });
    await shows(card, '+$500.50');
    card.setAttribute('account-id', loser);
    await shows(card, '−$399.25');
    card.setAttribute('period', '7d');
    await shows(card, '7 days');
    card.setAttribute('lang', 'de-DE');
    await shows(card, '−399,25\u00a0$');
  });

  it('replaces invalid parameters by defaults', async () => {
    const attributes = {
      'account-id': winner,
      period: 'never',
      theme: 'neon',
      accent: 'url(x)',
      lang: '!!',
    };
    const card = put('pt-stats-card', attributes);
    await shows(card, '30 days');
    equal(getComputedStyle(card).colorScheme, 'dark');
    equal(boxOf(card).style.getPropertyValue('--accent'), '');
  });

  it('takes the key from the script tag', async () => {
    const script = document.createElement('script');
    script.type = 'module';
    script.dataset.key = scene.key;
    script.src = '/widgets.js';
    document.body.append(script);
    const card = put('pt-stats-card', { 'api-key': '', 'account-id': winner });
    await shows(card, '+$500.50');
  });

  it('never lets a late answer replace a newer one', async () => {
    const { fetch } = globalThis;
    let answerFirst;
    globalThis.fetch = async (address) => {
      // A browser may deliver an answer although the request was aborted.
      if (String(address).includes(winner))
        await new Promise((resolve) => {
          answerFirst = resolve;
        });
      return fetch(address);
    };
    try {
      const card = put('pt-stats-card', { 'account-id': winner, period: '90d' });
      await until(() => answerFirst);
      card.setAttribute('account-id', loser);
      await shows(card, '−$399.25');
      answerFirst();
      await new Promise((resolve) => setTimeout(resolve, 200));
      ok(textOf(card.shadowRoot).includes('−$399.25'), 'the late answer was drawn');
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it('shows an account that was changed while the element was removed, or removed while loading', async () => {
    const card = put('pt-stats-card', { 'account-id': winner });
    await shows(card, '+$500.50');
    const box = card.parentElement;
    card.remove();
    card.setAttribute('account-id', loser);
    await card.updateComplete;
    box.append(card);
    await shows(card, '−$399.25');
    card.setAttribute('account-id', winner);
    await card.updateComplete;
    card.remove();
    box.append(card);
    await shows(card, '+$500.50');
  });

  it('makes no request when it is removed at once', async () => {
    const { fetch } = globalThis;
    let requests = 0;
    globalThis.fetch = (...given) => {
      requests++;
      return fetch(...given);
    };
    try {
      const card = put('pt-stats-card', { 'account-id': winner });
      card.parentElement.remove();
      await new Promise((resolve) => setTimeout(resolve, 50));
      equal(requests, 0);
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it('shows a skeleton of the same height until the answer is loaded, and then emits pt-load', async () => {
    const loaded = new Promise((resolve) =>
      document.addEventListener('pt-load', ({ detail }) => resolve(detail), { once: true }),
    );
    const card = put('pt-stats-card', { 'account-id': winner });
    await card.updateComplete;
    ok(card.shadowRoot.querySelector('.skeleton'), 'no skeleton');
    equal(card.getBoundingClientRect().height, 280);
    equal((await loaded).widget, 'stats-card');
    await card.updateComplete;
    ok(!card.shadowRoot.querySelector('.skeleton'), 'still a skeleton');
    equal(card.getBoundingClientRect().height, 280);
  });

  it('says that there are no trades yet', async () => {
    await shows(put('pt-stats-card', { 'account-id': empty }), 'No trades in the last 30 days');
    const curve = put('pt-equity-curve', { 'account-id': empty });
    await shows(curve, 'No trades in the last 30 days');
    ok(curve.shadowRoot.querySelector('.zero'), 'the zero line is gone');
  });

  it('says why it has nothing to show', async () => {
    const refusals = [];
    document.addEventListener('pt-error', ({ detail }) => refusals.push(detail.status));
    await shows(put('pt-stats-card', { 'api-key': scene.refusedKey }), 'This key was refused');
    await shows(put('pt-stats-card', { 'account-id': 'made-up' }), 'This account wasn’t found');
    clearPage();
    await shows(put('pt-stats-card', { 'api-key': '' }), 'A key is missing');
    equal(refusals.join(), '403,404,401');
  });

  it('tells the developer that the site or the token is the wrong one', async () => {
    for (const [code, says] of [
      ['origin_not_allowed', 'This site isn’t allowed'],
      ['outside_token', 'This token doesn’t open this'],
    ])
      await answering(
        () => refusal(403, code),
        () => shows(put('pt-stats-card', { 'account-id': code }), says),
      );
  });

  it('counts down after too many requests at once, and then tries again', async () => {
    let refusals = 0;
    await answering(
      (_, forward) =>
        refusals++ ? forward() : refusal(429, 'too_many_requests', { 'Retry-After': '2' }),
      async () => {
        const card = put('pt-stats-card', { 'account-id': winner, period: '1y' });
        await shows(card, 'Too many requests');
        await shows(card, 'Trying again in 2 s.');
        await shows(card, 'Trying again in 1 s.');
        await shows(card, '+$500.50');
      },
    );
  });

  it('keeps the last good picture, marked as old, when the connection fails', async () => {
    const card = put('pt-stats-card', { 'account-id': winner });
    await shows(card, '+$500.50');
    const { fetch } = globalThis;
    globalThis.fetch = () => Promise.reject(new TypeError('offline'));
    try {
      await card.reload();
      await shows(card, 'As of ');
      ok(textOf(card.shadowRoot).includes('+$500.50'), 'the picture is gone');
    } finally {
      globalThis.fetch = fetch;
    }
    await card.reload();
    await until(() => !textOf(card.shadowRoot).includes('As of '));
  });

  it('shortens a long sum where it has no room, and shows it in full on hover', async () => {
    const card = put('pt-stats-card', { 'account-id': large }, 260);
    await shows(card, '+$1,234,567.89');
    const { firstElementChild: short, lastElementChild: long } =
      card.shadowRoot.querySelector('.hero .fit');
    // In three sizes.
    equal(short.textContent, '+$1.23M'.repeat(3));
    const box = short.parentElement.getBoundingClientRect();
    ok(long.getBoundingClientRect().top >= box.bottom, 'the long sum is visible');
    equal(short.parentElement.title, '+$1,234,567.89');
    card.parentElement.style.width = '400px';
    await until(
      () => long.getBoundingClientRect().top < short.parentElement.getBoundingClientRect().bottom,
    );
  });

  it('shows the sum in full before it shows the drawdown beside it', async () => {
    const curve = put('pt-equity-curve', { 'account-id': large }, 392);
    await shows(curve, '+$1,234,567.89');
    const fit = curve.shadowRoot.querySelector('.hero .fit');
    for (let width = 392; width < 460; width += 2) {
      curve.parentElement.style.width = `${width}px`;
      const long = fit.lastElementChild.getBoundingClientRect();
      equal(long.top, fit.getBoundingClientRect().top, `at ${width} px`);
    }
  });

  it('mends an accent with too little contrast', async () => {
    const card = put('pt-stats-card', { 'account-id': winner, theme: 'light', accent: 'f59e0b' });
    await shows(card, '+$500.50');
    await until(() => boxOf(card).style.getPropertyValue('--accent-mark'));
    const stripes = card.shadowRoot.querySelector('.stripes');
    equal(getComputedStyle(stripes).stroke, 'rgb(200, 129, 9)');
  });

  it('moves a cross-hair by keys, with a tooltip', async () => {
    const curve = put('pt-equity-curve', { 'account-id': winner });
    const chart = await until(() => curve.shadowRoot?.querySelector('.chart[tabindex]'));
    ok(chart.getAttribute('aria-label').includes('+$500.50'), 'no sum in the chart’s label');
    chart.focus();
    const press = (key) => chart.dispatchEvent(new KeyboardEvent('keydown', { key }));
    press('ArrowLeft');
    const tip = curve.shadowRoot.querySelector('.tip');
    await until(() => tip.textContent.includes('Fri, Nov 20'));
    press('ArrowLeft');
    await until(
      () => tip.textContent.includes('Thu, Nov 19') && tip.textContent.includes('−$150.00'),
    );
    equal(tip.getAttribute('aria-live'), 'polite');
    press('Escape');
    await until(() => tip.hidden);
    equal(curve.shadowRoot.querySelectorAll('table tr').length, 4);
  });

  it('works beside a second copy of itself', async () => {
    await import('/widgets.js?again');
    await shows(put('pt-stats-card', { 'account-id': winner }), '+$500.50');
  });

  itCollects('leaves no listener and no memory when elements are removed', async () => {
    const counts = new Map();
    const spied = [
      window,
      document,
      matchMedia('(prefers-color-scheme: dark)').constructor.prototype,
    ];
    const originals = spied.map(({ addEventListener, removeEventListener }) => ({
      addEventListener,
      removeEventListener,
    }));
    const change = (type, by) => counts.set(type, (counts.get(type) ?? 0) + by);
    spied.forEach((target, index) => {
      const { addEventListener, removeEventListener } = originals[index];
      target.addEventListener = function (type, ...rest) {
        change(type, 1);
        return addEventListener.call(this, type, ...rest);
      };
      target.removeEventListener = function (type, ...rest) {
        change(type, -1);
        return removeEventListener.call(this, type, ...rest);
      };
    });
    const released = [];
    try {
      for (let round = 0; round < 100; round++) {
        const name = names[round % names.length];
        const element = put(`pt-${name}`, { 'account-id': busy });
        // A third of them is removed before it has drawn anything.
        if (round % 3) await until(() => element.answer && element.updateComplete);
        if (name === 'equity-curve') await pointAtCurve(element);
        element.shadowRoot?.querySelector('[tabindex="0"]')?.focus();
        released.push(new WeakRef(element));
        element.parentElement.remove();
      }
    } finally {
      spied.forEach((target, index) => {
        for (const name of ['addEventListener', 'removeEventListener'])
          if (target === window || target === document) delete target[name];
          else target[name] = originals[index][name];
      });
    }
    for (const type of ['online', 'visibilitychange', 'change'])
      equal(counts.get(type) ?? 0, 0, type);
    const left = () => released.map((element) => element.deref()?.localName).filter(Boolean);
    // The last one may still be referenced by what it was doing, and the browser may remember which
    // had the focus last.
    await until(() => {
      globalThis.gc();
      return left().length <= 2;
    }, 'removed elements are collected').catch(({ message }) => {
      throw new Error(`${message}, but for ${left()}`);
    });
  }).timeout(30_000);
});
