import { answering, clearPage, equal, ok, put, refusal, scene, shows, tokenUntil } from './page.js';

// First of all: what a page without any credential shows.
const { setCredential } = await import('/widgets.js');

const { winner, loser } = scene.accounts;
const evil = 'https://evil.example';
const mine = { 'api-key': null, 'account-id': winner };
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What was asked, `origin credential` each, while `work` runs; those elsewhere get no answer. */
async function askedDuring(work) {
  const asked = [];
  await answering(
    ({ origin, searchParams }, ask) => {
      asked.push(`${origin} ${searchParams.get('api_key') ?? searchParams.get('token')}`);
      return origin === location.origin ? ask() : refusal(404, 'not_found');
    },
    () => work(asked),
  );
  return asked;
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

describe('what a page asks with', () => {
  afterEach(clearPage);

  it('is nothing until it says so, and then elements that found nothing are told', async () => {
    const asked = await askedDuring(async (soFar) => {
      const card = put('pt-stats-card', mine);
      await shows(card, 'A key is missing');
      const removed = put('pt-stats-card', { ...mine, 'account-id': loser });
      await shows(removed, 'A key is missing');
      removed.parentElement.remove();
      // Those that have one are no source for others.
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
    equal(asked.join(), here());
  });

  it('may be said by a script tag that is changed later', async () => {
    const script = putScript({});
    const card = put('pt-stats-card', { ...mine, period: '7d' });
    await shows(card, 'A key is missing');
    script.dataset.key = scene.key;
    await shows(card, '7 days');
  });

  it('goes to no base that stands on an element without a key or token of its own', async () => {
    putScript({ key: scene.key });
    const asked = await askedDuring(async () => {
      const first = put('pt-stats-card', { ...mine, base: evil, 'account-id': loser });
      await shows(first, '−$399.25');
      const card = put('pt-equity-curve', mine);
      await shows(card, '+$500.50');
      await shows(
        put('pt-stats-card', { ...mine, base: evil, token: '', 'api-key': '' }),
        '+$500.50',
      );
    });
    ok(asked.length > 1 && asked.every((one) => one === here()), asked.join());
  });

  it('and whom are of one and the same script tag', async () => {
    putScript({ base: evil });
    putScript({ base: evil, key: '' });
    putScript({ base: evil, key: 'pt_theirs' }, `${evil}/widgets.js`);
    document.body.insertAdjacentHTML(
      'beforeend',
      `<svg><script data-key="pt_theirs" data-base="${evil}"></script></svg>`,
    );
    putScript({ key: scene.key });
    putScript({ base: evil, token: 'pte_later' });
    const asked = await askedDuring(() =>
      shows(put('pt-stats-card', { ...mine, period: '90d' }), '+$500.50'),
    );
    equal(asked.join(), here());
  });

  it('is for the server that the script tag names', async () => {
    putScript({ base: 'https://elsewhere.example', key: scene.key });
    const asked = await askedDuring(() =>
      shows(put('pt-stats-card', { ...mine, base: evil }), 'This account wasn’t found'),
    );
    equal(asked.join(), `https://elsewhere.example ${scene.key}`);
  });

  it('of an element goes to its own base, else to the script’s server', async () => {
    putScript({ base: evil, key: 'pt_theirs' });
    const own = { 'account-id': winner, period: '1y' };
    const asked = await askedDuring(async () => {
      await shows(put('pt-stats-card', own), '+$500.50');
      await shows(put('pt-stats-card', { ...own, base: 'stats' }), '+$500.50');
      const other = put('pt-win-streak', { ...own, base: 'https://elsewhere.example' });
      await shows(other, 'This account wasn’t found');
    });
    equal(asked.join(), `${here()},https://elsewhere.example ${scene.key}`);
  });

  it('is said by setCredential with its server, for whichever copy of the script', async () => {
    const asked = await askedDuring(async () => {
      const card = put('pt-stats-card', { ...mine, base: evil, period: '90d' });
      await shows(card, 'A key is missing');
      const { setCredential: another } = await import('/loader.js');
      another({ base: `${location.origin}/path`, key: scene.key });
      await shows(card, '+$500.50');
      const token = tokenUntil(Date.now() + 3_600_000);
      setCredential({ base: location.origin, token: () => token });
      await shows(put('pt-equity-curve', { ...mine, period: '90d' }), '+$500.50');
    });
    ok(asked.length > 1 && asked.every((one) => one.startsWith(location.origin)), asked.join());
    ok(asked.at(-1).includes(' pte_'), 'the later one');
    let refused;
    try {
      setCredential({ base: 'stats.example.com', key: scene.key });
    } catch (error) {
      refused = error;
    }
    ok(refused instanceof TypeError, 'no address, and no error');
  });

  it('gives way to what the script tag says', async () => {
    setCredential({ base: evil, key: 'pt_other' });
    putScript({ key: scene.key });
    const asked = await askedDuring(() =>
      shows(put('pt-stats-card', { ...mine, period: 'all' }), '+$500.50'),
    );
    equal(asked.join(), here());
  });
});
