import { clearPage, equal, itWith, ok, put, scene, shows, textOf, until } from './page.js';

await import('/widgets.js');

const { winner, busy, empty } = scene.accounts;
const names = Object.keys(scene.heights);

/** Firefox has no answer to queries of a card's size when it prints. */
const itNeedsAnswers = itWith(
  /Firefox/.test(navigator.userAgent),
  'prints by the size of a card itself',
);

/** What a browser says right before it prints, waiting for nothing. */
const print = () => dispatchEvent(new Event('beforeprint'));

/** Puts an element where nobody has scrolled to. */
async function putFar(name, attributes) {
  const element = put(`pt-${name}`, attributes);
  element.parentElement.style.paddingTop = '4000px';
  await element.updateComplete;
  return element;
}

/** Puts an element where it is in sight. */
function putFirst(name, attributes) {
  const element = put(`pt-${name}`, attributes);
  document.body.prepend(element.parentElement);
  return element;
}

const isBlank = ({ shadowRoot }) => shadowRoot.querySelector('.skeleton') !== null;

/** How many questions are asked while `work` runs and the page stands still. */
function askedDuring(work) {
  const { send } = XMLHttpRequest.prototype;
  let asked = 0;
  XMLHttpRequest.prototype.send = function (...body) {
    asked++;
    return send.apply(this, body);
  };
  work();
  XMLHttpRequest.prototype.send = send;
  return asked;
}

/** Where everything of an element is. */
function boxesOf({ shadowRoot }) {
  return [...shadowRoot.querySelectorAll('section *')].map((inner) => {
    const { left, top, width, height } = inner.getBoundingClientRect();
    return { name: inner.localName, box: [left, top, width, height] };
  });
}

describe('printing', () => {
  afterEach(clearPage);

  it('shows what nobody has scrolled to', async () => {
    const elements = [];
    for (const name of names) elements.push(await putFar(name, { 'account-id': busy }));
    for (const element of elements) ok(isBlank(element), `${element.localName} was in sight`);
    print();
    for (const element of elements) ok(!isBlank(element), `${element.localName} is blank`);
    ok(textOf(elements[0].shadowRoot).includes('Busy 50K'), 'no figures');
    equal(askedDuring(print), 0, 'asked for what is drawn:');
  });

  it('shows the states without figures too', async () => {
    const nothing = await putFar('stats-card', { 'account-id': empty });
    const refused = await putFar('stats-card', { 'api-key': scene.refusedKey });
    print();
    ok(textOf(nothing.shadowRoot).includes('No trades in the last 30 days'), 'not empty');
    ok(textOf(refused.shadowRoot).includes('Code 403'), 'not refused');
  });

  it('goes by the token that there is', async () => {
    const token = async () => ({ token: 'pte_1' });
    const early = await putFar('stats-card', { 'api-key': null });
    early.token = token;
    await early.updateComplete;
    equal(askedDuring(print), 0);
    ok(isBlank(early), 'it waited for a token');
    const seen = putFirst('win-streak', { 'api-key': null });
    seen.token = token;
    await shows(seen, 'Code 403');
    equal(askedDuring(print), 1);
    ok(!isBlank(early), 'the token was there');
  });

  it('waits for no server that does not answer, nor for what is not displayed', async () => {
    const hidden = await putFar('stats-card', { 'account-id': winner, style: 'display: none' });
    equal(askedDuring(print), 0);
    for (const name of ['win-streak', 'stats-card'])
      await putFar(name, { 'account-id': winner, base: 'http://127.0.0.1:1' });
    equal(askedDuring(print), 1);
    ok(isBlank(hidden));
    const down = putFirst('win-streak', { base: 'http://127.0.0.1:1' });
    await until(() => down.refusal);
    equal(askedDuring(print), 0);
  });

  itNeedsAnswers('is of cards that don’t ask for their size, and look as they did', async () => {
    for (const width of [240, 300, 400, 660]) {
      const elements = names.map((name) => put(`pt-${name}`, { 'account-id': busy }, width));
      for (const element of elements) {
        element.scrollIntoView();
        await until(() => element.answer, element.localName);
        await element.updateComplete;
      }
      const before = elements.map(boxesOf);
      print();
      for (const [index, element] of elements.entries()) {
        const what = `${element.localName} at ${width} px`;
        const { adoptedStyleSheets: sheets } = element.shadowRoot;
        const styles = sheets.flatMap(({ cssRules }) => [...cssRules]).map((rule) => rule.cssText);
        ok(!/@container|\dcq[wh]/.test(styles.join()), what);
        const moved = boxesOf(element).filter(({ box }, at) =>
          box.some((px, side) => Math.abs(px - before[index][at].box[side]) > 1),
        );
        equal(moved.map(({ name }) => name).join(), '', what);
      }
      dispatchEvent(new Event('afterprint'));
      const styled = elements.flatMap(({ shadowRoot }) => shadowRoot.adoptedStyleSheets);
      ok(styled.length > names.length, 'the styles are not those from before');
      clearPage();
    }
  }).timeout(60_000);

  itNeedsAnswers('is of cards for the width of paper, where the window is wider', async () => {
    const element = put('pt-leaderboard', { 'account-id': busy });
    await until(() => element.answer);
    const columns = () =>
      [...element.shadowRoot.querySelectorAll('thead th')].filter((head) => head.offsetWidth)
        .length;
    element.parentElement.style.width = '50%';
    print();
    const printed = columns();
    dispatchEvent(new Event('afterprint'));
    ok(printed < columns(), `${printed} columns`);
  });

  it('does not keep what was printed from asking anew once it is in sight', async () => {
    const refused = await putFar('stats-card', { 'api-key': scene.refusedKey });
    print();
    refused.apiKey = scene.key;
    refused.accountId = winner;
    refused.scrollIntoView();
    await shows(refused, '+$500.50');
    scrollTo(0, 0);
  });
});
