import { clearPage, equal, ok, put, scene, shows, textOf, until } from './page.js';

const { busy } = scene.accounts;
let copies = 0;

/** A copy of the script for which the words of other languages are `pending`, `failing` or `available`. */
async function loadScript(words) {
  await setWords(words);
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

const setWords = (words) => fetch(`/late-words/widgets.css?are=${words}`);

function putIn(page, lang) {
  page.body.innerHTML = `<pt-stats-card account-id="${busy}" lang="${lang}"></pt-stats-card>`;
  return page.body.firstElementChild;
}

const headingOf = ({ shadowRoot }) => shadowRoot?.querySelector('h2');
const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });

describe('a language', () => {
  afterEach(clearPage);

  it('shows no word until its words are loaded, at the same height', async () => {
    const page = await loadScript('pending');
    const card = putIn(page, 'de');
    await until(() => card.answer);
    await card.updateComplete;
    ok(!isSeen(headingOf(card)), 'the heading is seen');
    ok(!isSeen(card.shadowRoot.querySelector('footer')), 'the footer is seen');
    ok(card.shadowRoot.querySelector('.skeleton'), 'no skeleton');
    equal(card.getBoundingClientRect().height, scene.heights['stats-card']);
  });

  it('that can’t be loaded is English, until the next request loads its words', async () => {
    const page = await loadScript('failing');
    const card = putIn(page, 'fr');
    await shows(card, 'Profit factor');
    ok(isSeen(headingOf(card)), 'no heading is seen');
    equal(card.shadowRoot.querySelector('section').lang, 'en');
    await setWords('available');
    await card.reload();
    await shows(card, 'Facteur de profit');
    equal(card.shadowRoot.querySelector('section').lang, 'fr');
  });

  it('changes with its attribute, once its words are loaded', async () => {
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

  it('is that of the page around the element, and loaded once for all elements', async () => {
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

  it('is loaded by loader.js too, and not for English', async () => {
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
    ok(!textOf(card.shadowRoot).includes('Profit'), 'English words are left');
  });
});
