import { answering, clearPage, equal, ok, put, refusal, scene, shows, tokenUntil } from './page.js';

// In an order: the first test needs a page without any credential.
const { setCredential } = await import('/widgets.js');

const { winner, loser } = scene.accounts;
const evil = 'https://evil.example';
const mine = { 'api-key': null, 'account-id': winner };
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The requests while `work` runs, each as `origin credential`; other servers answer 404. */
async function requestsDuring(work) {
  const requests = [];
  await answering(
    ({ origin, searchParams }, forward) => {
      requests.push(`${origin} ${searchParams.get('api_key') ?? searchParams.get('token')}`);
      return origin === location.origin ? forward() : refusal(404, 'not_found');
    },
    () => work(requests),
  );
  return requests;
}

function putScript(dataset, src = '/widgets.js') {
  const script = document.createElement('script');
  script.type = 'module';
  Object.assign(script.dataset, dataset);
  script.src = src;
  document.body.append(script);
  return script;
}

const here = () => `${location.origin} ${scene.key}`;

describe('the credential of a page', () => {
  afterEach(clearPage);

  it('is missing until a script tag has it, and then waiting elements load', async () => {
    const requests = await requestsDuring(async (soFar) => {
      const card = put('pt-stats-card', mine);
      await shows(card, 'A key is missing');
      const removed = put('pt-stats-card', { ...mine, 'account-id': loser });
      await shows(removed, 'A key is missing');
      removed.parentElement.remove();
      // The credential of an element is for that element alone.
      await shows(put('pt-win-streak', { 'account-id': winner }), 'Winner 50K');
      const other = put('pt-drawdown-gauge', mine);
      other.token = () => tokenUntil(Date.now() + 3_600_000);
      await shows(other, 'Winner 50K');
      await shows(card, 'A key is missing');
      soFar.length = 0;
      putScript({ key: scene.key });
      await shows(card, '+$500.50');
      await pause(100);
    });
    equal(requests.join(), here());
  });

  it('may be added to a script tag later', async () => {
    const script = putScript({});
    const card = put('pt-stats-card', { ...mine, period: '7d' });
    await shows(card, 'A key is missing');
    script.dataset.key = scene.key;
    await shows(card, '7 days');
  });

  it('is never sent to the base of an element without a key or token of its own', async () => {
    putScript({ key: scene.key });
    const requests = await requestsDuring(async () => {
      const first = put('pt-stats-card', { ...mine, base: evil, 'account-id': loser });
      await shows(first, '−$399.25');
      const card = put('pt-equity-curve', mine);
      await shows(card, '+$500.50');
      await shows(
        put('pt-stats-card', { ...mine, base: evil, token: '', 'api-key': '' }),
        '+$500.50',
      );
    });
    ok(requests.length > 1 && requests.every((one) => one === here()), requests.join());
  });

  it('comes with the base of the same script tag', async () => {
    putScript({ base: evil });
    putScript({ base: evil, key: '' });
    putScript({ base: evil, key: 'pt_theirs' }, `${evil}/widgets.js`);
    document.body.insertAdjacentHTML(
      'beforeend',
      `<svg><script data-key="pt_theirs" data-base="${evil}"></script></svg>`,
    );
    putScript({ key: scene.key });
    putScript({ base: evil, token: 'pte_later' });
    const requests = await requestsDuring(() =>
      shows(put('pt-stats-card', { ...mine, period: '90d' }), '+$500.50'),
    );
    equal(requests.join(), here());
  });

  it('is sent to the base of its script tag', async () => {
    putScript({ base: 'https://elsewhere.example', key: scene.key });
    const requests = await requestsDuring(() =>
      shows(put('pt-stats-card', { ...mine, base: evil }), 'This account wasn’t found'),
    );
    equal(requests.join(), `https://elsewhere.example ${scene.key}`);
  });

  it('of an element is sent to its own base, else to the script’s server', async () => {
    putScript({ base: evil, key: 'pt_theirs' });
    const own = { 'account-id': winner, period: '1y' };
    const requests = await requestsDuring(async () => {
      await shows(put('pt-stats-card', own), '+$500.50');
      await shows(put('pt-stats-card', { ...own, base: 'stats' }), '+$500.50');
      const other = put('pt-win-streak', { ...own, base: 'https://elsewhere.example' });
      await shows(other, 'This account wasn’t found');
    });
    equal(requests.join(), `${here()},https://elsewhere.example ${scene.key}`);
  });

  it('may be set by setCredential with its server, by any copy of the script', async () => {
    const requests = await requestsDuring(async () => {
      const card = put('pt-stats-card', { ...mine, base: evil, period: '90d' });
      await shows(card, 'A key is missing');
      const { setCredential: another } = await import('/loader.js');
      another({ base: `${location.origin}/path`, key: scene.key });
      await shows(card, '+$500.50');
      const token = tokenUntil(Date.now() + 3_600_000);
      setCredential({ base: location.origin, token: () => token });
      await shows(put('pt-equity-curve', { ...mine, period: '90d' }), '+$500.50');
    });
    ok(
      requests.length > 1 && requests.every((one) => one.startsWith(location.origin)),
      requests.join(),
    );
    ok(requests.at(-1).includes(' pte_'), 'not the later one');
    let refused;
    try {
      setCredential({ base: 'stats.example.com', key: scene.key });
    } catch (error) {
      refused = error;
    }
    ok(refused instanceof TypeError, 'no error for a base that is no address');
  });

  it('of setCredential is overridden by the script tag’s', async () => {
    setCredential({ base: evil, key: 'pt_other' });
    putScript({ key: scene.key });
    const requests = await requestsDuring(() =>
      shows(put('pt-stats-card', { ...mine, period: 'all' }), '+$500.50'),
    );
    equal(requests.join(), here());
  });
});
