import { clearPage, equal, ok, put, scene, shows, textOf, until } from './page.js';

const { busy } = scene.accounts;
let copies = 0;

/** A copy of the script of its own, whose words of other languages are `awaited`, `refused` or `there`. */
async function loadScript(words) {
  await wordsAre(words);
  const frame = document.createElement('iframe');
  frame.style.cssText = 'border: 0; width: 400px; height: 300px';
  document.body.append(frame);
  const { contentDocument } = frame;
  const script = contentDocument.createElement('script');
  script.type = 'module';
  script.src = `/late-words/widgets.js?${copies++}`;
  script.dataset.key = scene.key;
  contentDocument.head.append(script);
  return contentDocument;
}

const wordsAre = (words) => fetch(`/late-words/widgets.css?are=${words}`);

function putIn(page, lang) {
  page.body.innerHTML = `<pt-stats-card account-id="${busy}" lang="${lang}"></pt-stats-card>`;
  return page.body.firstElementChild;
}

const headingOf = ({ shadowRoot }) => shadowRoot?.querySelector('h2');
const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });

describe('a language', () => {
  afterEach(clearPage);

  it('is drawn when its words are there, and until then no word is seen, in the same room', async () => {
    const page = await loadScript('awaited');
    const card = putIn(page, 'de');
    await until(() => card.answer);
    await card.updateComplete;
    ok(!isSeen(headingOf(card)), 'the heading is seen');
    ok(!isSeen(card.shadowRoot.querySelector('footer')), 'the footer is seen');
    ok(card.shadowRoot.querySelector('.skeletons'), 'no skeleton');
    equal(card.getBoundingClientRect().height, scene.heights['stats-card']);
  });

  it('that can’t be loaded is English, until the next question has its words', async () => {
    const page = await loadScript('refused');
    const card = putIn(page, 'fr');
    await shows(card, 'Profit factor');
    ok(isSeen(headingOf(card)), 'no heading is seen');
    equal(card.shadowRoot.querySelector('section').lang, 'en');
    await wordsAre('there');
    await card.reload();
    await shows(card, 'Facteur de profit');
    equal(card.shadowRoot.querySelector('section').lang, 'fr');
  });

  it('changes with its attribute, once its words are there', async () => {
    await import('/widgets.js');
    const card = put('pt-stats-card', { 'account-id': busy });
    await shows(card, 'Profit factor');
    const seen = new Set();
    const observer = new MutationObserver(() => seen.add(headingOf(card).textContent));
    observer.observe(card.shadowRoot, { subtree: true, childList: true, characterData: true });
    card.lang = 'ja';
    await shows(card, 'プロフィットファクター');
    card.lang = 'pt';
    await shows(card, 'Fator de lucro');
    card.lang = 'en';
    await shows(card, 'Profit factor');
    observer.disconnect();
    equal([...seen].join(), '概要,Visão geral,Overview');
  });

  it('is that of the page around the element, and loaded once for all of them', async () => {
    await import('/widgets.js');
    document.documentElement.lang = 'es';
    try {
      const cards = ['stats-card', 'win-streak'].map((name) =>
        put(`pt-${name}`, { 'account-id': busy }),
      );
      await shows(cards[0], 'Factor de beneficio');
      await shows(cards[1], 'Racha');
    } finally {
      document.documentElement.lang = 'en';
    }
    const loaded = performance
      .getEntriesByType('resource')
      .filter(({ name }) => /\/es-/.test(name));
    equal(loaded.length, 1);
  });

  it('is loaded by loader.js too, and never in English', async () => {
    const frame = document.createElement('iframe');
    frame.srcdoc = `<html lang="en"><script type="module" src="/loader.js" data-key="${scene.key}"></script><pt-stats-card account-id="${busy}"></pt-stats-card></html>`;
    document.body.append(frame);
    const card = await until(() => frame.contentDocument?.querySelector('pt-stats-card'));
    await shows(card, 'Profit factor');
    const { performance } = frame.contentWindow;
    const names = () => performance.getEntriesByType('resource').map(({ name }) => name);
    const isWords = (name) => scene.languages.some((one) => name.includes(`/assets/${one}-`));
    equal(names().filter(isWords).join(), '');
    card.lang = 'ar';
    await shows(card, 'معامل الربح');
    equal(card.shadowRoot.querySelector('section').dir, 'rtl');
    equal(names().filter(isWords).length, 1);
    ok(!textOf(card.shadowRoot).includes('Profit'), 'English is left');
  });
});
