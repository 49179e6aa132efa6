import { clipped } from './clipped.js';
import { clearPage, equal, itWith, loadLetters, ok, scene, until } from './page.js';

await import('/widgets.js');

const sets = await (await fetch('/answers.json')).json();
/** Those with words, and others whose figures are long or read from right to left. */
const languages = ['en-US', ...scene.languages, 'ru-RU', 'hi-IN', 'he'];
const widths = [240, 260, 300, 360, 400];

/** Letter spacing stands in for wider fonts. */
const spacings = ['normal', '0.1em'];
const sheet = new CSSStyleSheet();
sheet.replaceSync('body *::part(card) { letter-spacing: var(--spacing) }');
await loadLetters();

/** Firefox draws wide boxes for letters without a font, such as those of Hindi. */
const itHasLetters = (language) =>
  itWith(
    language !== 'hi-IN' || !navigator.userAgent.includes('Firefox'),
    'draws boxes for letters that no font has',
  );

/** An element in the page that shows a given answer. */
async function show(answer, attributes = {}) {
  const element = document.createElement(`pt-${answer.widget}`);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.show(answer, Date.now());
  const box = document.createElement('div');
  box.append(element);
  document.body.append(box);
  await until(() => element.shadowRoot.querySelector('[lang]'), `${answer.widget} has its words`);
  await document.fonts.ready;
  return element;
}

/** One of each kind. */
const refusals = [
  { status: 0, code: 'offline' },
  { status: 503, code: 'storage_unavailable' },
  { status: 401, code: 'missing_key' },
  { status: 403, code: 'invalid_key' },
  { status: 403, code: 'missing_scope' },
  { status: 403, code: 'origin_not_allowed' },
  { status: 403, code: 'tier_required' },
  { status: 403, code: 'outside_token' },
  { status: 403, code: 'invalid_token' },
  { status: 404, code: 'not_found' },
  { status: 400, code: 'invalid_parameters' },
  { status: 429, code: 'daily_limit_reached', limit: 100_000 },
  { status: 429, code: 'too_many_requests', retryAfter: 60 },
];

const answerOf = (widget, set = 0) => sets[set].find((answer) => answer.widget === widget);

describe('figures', () => {
  before(() => {
    document.adoptedStyleSheets = [sheet];
  });
  after(() => {
    document.adoptedStyleSheets = [];
  });
  afterEach(clearPage);

  for (const language of languages)
    itHasLetters(language)(
      `are not cut on any card in ${language}, and neither are headers and dates`,
      async () => {
        for (const answers of sets.slice(0, 2))
          for (const answer of answers) {
            const element = await show(answer, { lang: language });
            const box = element.parentElement;
            for (const spacing of spacings) {
              element.style.setProperty('--spacing', spacing);
              // WebKit keeps the columns of a grid when letters get farther apart.
              box.hidden = true;
              box.getBoundingClientRect();
              box.hidden = false;
              for (const width of widths) {
                box.style.width = `${width}px`;
                const where = `${answer.widget} at ${width} px, letters ${spacing}:`;
                equal(clipped(element).slice(0, 5).join(', '), '', where);
              }
            }
            clearPage();
          }
      },
    ).timeout(60_000);

  for (const language of ['en-US', ...scene.languages])
    it(`of a usual month are complete in ${language}, also when they are old or missing`, async () => {
      const isWhole = async (element, changes) => {
        Object.assign(element, changes);
        await element.updateComplete;
        for (const width of [260, 392, 400, 640, 900]) {
          element.parentElement.style.width = `${width}px`;
          const where = `${element.localName} at ${width} px, ${JSON.stringify(changes.refusal)}:`;
          equal(clipped(element).join(', '), '', where);
        }
      };
      const offline = { status: 0, code: 'offline', now: Date.now() };
      for (const answer of sets[2]) {
        const element = await show(answer, { lang: language });
        for (const refusal of [undefined, offline]) await isWhole(element, { refusal });
        clearPage();
      }
      // On the card with the least height.
      const element = await show(answerOf('drawdown-gauge'), { lang: language });
      await isWhole(element, { answer: undefined, refusal: offline });
      await until(() => element.shadowRoot.querySelector('.notice'));
      for (const refusal of refusals)
        await isWhole(element, { refusal: { now: Date.now(), ...refusal } });
    }).timeout(30_000);

  it('are shown in a single length, also on a transparent card', async () => {
    for (const answer of [...sets[0], ...sets[1]]) {
      const element = await show(answer);
      element.style.setProperty('--pt-surface', 'transparent');
      for (const width of widths) {
        element.parentElement.style.width = `${width}px`;
        for (const short of element.shadowRoot.querySelectorAll('.fit > i')) {
          if (!short.checkVisibility()) continue;
          const line = short.parentElement.getBoundingClientRect();
          const long = short.nextElementSibling.getBoundingClientRect();
          const isLongSeen = long.height > 0 && long.top < line.bottom - 1;
          const what = `${answer.widget} at ${width} px: ${short.textContent}`;
          ok(!isLongSeen || short.offsetWidth === 0, what);
        }
      }
      clearPage();
    }
  }).timeout(30_000);

  it('need no scroll bar at the documented height', async () => {
    for (const answer of sets[0]) {
      const element = await show(answer);
      equal(element.offsetHeight, scene.heights[answer.widget], answer.widget);
      for (const width of widths) {
        element.parentElement.style.width = `${width}px`;
        for (const part of element.shadowRoot.querySelectorAll('section *')) {
          const isScrolled = /auto|scroll/.test(getComputedStyle(part).overflowY);
          ok(
            !isScrolled || part.scrollHeight <= part.clientHeight,
            `${answer.widget} scrolls at ${width} px`,
          );
        }
      }
    }
  }).timeout(30_000);
});

describe('a list of instruments', () => {
  afterEach(clearPage);

  /** The line that is shown over the last row. */
  function lineOf(element) {
    const scroll = element.shadowRoot.querySelector('.scroll').getBoundingClientRect();
    const found = element.shadowRoot.elementFromPoint(scroll.left + 20, scroll.bottom - 10);
    return found?.closest('.more')?.textContent && found.textContent;
  }

  for (const [count, line] of [
    [4, undefined],
    [5, '2 more'],
    [6, '3 more'],
    [40, '37 more'],
  ])
    it(`of ${count} says how many more there are: ${line}`, async () => {
      const answer = structuredClone(answerOf('instrument-breakdown'));
      const [first] = answer.data.instruments;
      answer.data.instruments = Array.from({ length: count }, (_, index) => ({
        ...first,
        symbol: `S${index}`,
      }));
      const element = await show(answer);
      element.parentElement.style.width = '400px';
      equal(lineOf(element), line);
      // With room for all rows there is no such line.
      element.style.height = `${element.naturalHeight()}px`;
      equal(lineOf(element), undefined);
    });
});

it('a row of a leaderboard is a target of 24 px, also the own row below the others', async () => {
  const answer = structuredClone(answerOf('leaderboard'));
  answer.data.own = { ...answer.data.leaders[3], rank: 57, account_id: 'own' };
  const element = await show(answer);
  const rows = [...element.shadowRoot.querySelectorAll('tbody tr')].filter((row) =>
    row.checkVisibility(),
  );
  equal(rows.length, 10);
  for (const row of rows) ok(row.getBoundingClientRect().height >= 24, row.textContent);
  const scroll = element.shadowRoot.querySelector('.scroll');
  ok(scroll.scrollHeight <= scroll.clientHeight, 'it scrolls');
  clearPage();
});

it('a narrow calendar has no row for a week of which it shows no day', async () => {
  // November 2026 begins on a Sunday: in German at the end of a week.
  const element = await show(answerOf('monthly-calendar'), { lang: 'de' });
  const { shadowRoot } = element;
  const rows = () => [...shadowRoot.querySelectorAll('tbody tr')].filter((row) => row.offsetHeight);
  for (const [width, weeks] of [
    [400, 6],
    [260, 5],
  ]) {
    element.parentElement.style.width = `${width}px`;
    equal(rows().length, weeks, `weeks at ${width} px:`);
  }
  const head = shadowRoot.querySelector('thead').getBoundingClientRect().bottom;
  ok(rows()[0].getBoundingClientRect().top - head < 8, 'a gap above the first week');
  clearPage();
});

it('every place in a heatmap’s grid points at the nearest hour', async () => {
  const element = await show(answerOf('trade-heatmap'));
  element.parentElement.style.width = '260px';
  const body = element.shadowRoot.querySelector('tbody');
  const { left, right, top, bottom } = body.getBoundingClientRect();
  const chosen = [];
  element.addEventListener('pt-select', ({ detail }) => chosen.push(detail.item));
  const [first] = body.querySelectorAll('td');
  const start = first.getBoundingClientRect().left;
  ok(start > left, 'no days');
  for (let x = start + 1; x < right; x += 3.7)
    for (let y = top + 1; y < bottom; y += 3.3) {
      const found = element.shadowRoot.elementFromPoint(x, y);
      ok(found.closest('[data-item], [data-near]'), `nothing at ${x}, ${y}`);
    }
  const empty = [...body.querySelectorAll('td')].find((cell) => !cell.querySelector('[data-item]'));
  ok(empty, 'an hour was traded on every day');
  element.shadowRoot.dispatchEvent(new Event('focusin'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  empty.click();
  equal(chosen.length, 1, 'chosen');
  ok(chosen[0].hour !== undefined, 'no hour');
  clearPage();
});
