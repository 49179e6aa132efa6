import { clearPage, equal, itWith, ok, put, scene, shows, textOf, until } from './page.js';

await import('/widgets.js');

const { winner, busy, empty } = scene.accounts;
const names = Object.keys(scene.heights);

/** In Firefox container queries don't match when it prints. */
const itInlinesQueries = itWith(
  /Firefox/.test(navigator.userAgent),
  'evaluates container queries when it prints',
);

/** The event right before a browser prints; it waits for nothing. */
const print = () => dispatchEvent(new Event('beforeprint'));

/** Adds an element that is out of view. */
async function putFar(name, attributes) {
  const element = put(`pt-${name}`, attributes);
  element.parentElement.style.paddingTop = '4000px';
  await element.updateComplete;
  return element;
}

/** Adds an element that is in view. */
function putFirst(name, attributes) {
  const element = put(`pt-${name}`, attributes);
  document.body.prepend(element.parentElement);
  return element;
}

const isBlank = ({ shadowRoot }) => shadowRoot.querySelector('.skeleton') !== null;

/** The number of synchronous requests while `work` runs. */
function countRequests(work) {
  const { send } = XMLHttpRequest.prototype;
  let count = 0;
  XMLHttpRequest.prototype.send = function (...body) {
    count++;
    return send.apply(this, body);
  };
  work();
  XMLHttpRequest.prototype.send = send;
  return count;
}

/** The boxes of everything in an element. */
function boxesOf({ shadowRoot }) {
  return [...shadowRoot.querySelectorAll('section *')].map((inner) => {
    const { left, top, width, height } = inner.getBoundingClientRect();
    return { name: inner.localName, box: [left, top, width, height] };
  });
}

describe('printing', () => {
  afterEach(clearPage);

  it('shows elements that were never in view', async () => {
    const elements = [];
    for (const name of names) elements.push(await putFar(name, { 'account-id': busy }));
    for (const element of elements) ok(isBlank(element), `${element.localName} was in view`);
    print();
    for (const element of elements) ok(!isBlank(element), `${element.localName} is blank`);
    ok(textOf(elements[0].shadowRoot).includes('Busy 50K'), 'no figures');
    equal(countRequests(print), 0, 'requests for what is drawn:');
  });

  it('shows the states without figures too', async () => {
    const nothing = await putFar('stats-card', { 'account-id': empty });
    const refused = await putFar('stats-card', { 'api-key': scene.refusedKey });
    print();
    ok(textOf(nothing.shadowRoot).includes('No trades in the last 30 days'), 'not empty');
    ok(textOf(refused.shadowRoot).includes('Code 403'), 'not refused');
  });

  it('uses a token that is there already', async () => {
    const token = async () => ({ token: 'pte_1' });
    const early = await putFar('stats-card', { 'api-key': null });
    early.token = token;
    await early.updateComplete;
    equal(countRequests(print), 0);
    ok(isBlank(early), 'it waited for a token');
    const seen = putFirst('win-streak', { 'api-key': null });
    seen.token = token;
    await shows(seen, 'Code 403');
    equal(countRequests(print), 1);
    ok(!isBlank(early), 'it did not use the token');
  });

  it('waits neither for a server that is down nor for hidden elements', async () => {
    const hidden = await putFar('stats-card', { 'account-id': winner, style: 'display: none' });
    equal(countRequests(print), 0);
    for (const name of ['win-streak', 'stats-card'])
      await putFar(name, { 'account-id': winner, base: 'http://127.0.0.1:1' });
    equal(countRequests(print), 1);
    ok(isBlank(hidden));
    const down = putFirst('win-streak', { base: 'http://127.0.0.1:1' });
    await until(() => down.refusal);
    equal(countRequests(print), 0);
  });

  itInlinesQueries('is of cards without container queries, which look the same', async () => {
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

  itInlinesQueries('is for the width of paper, if the window is wider', async () => {
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

  it('does not keep an element from requesting its answer once it is in view', async () => {
    const refused = await putFar('stats-card', { 'api-key': scene.refusedKey });
    print();
    refused.apiKey = scene.key;
    refused.accountId = winner;
    refused.scrollIntoView();
    await shows(refused, '+$500.50');
    scrollTo(0, 0);
  });
});
