import {
  answering,
  clearPage,
  equal,
  ok,
  openShell,
  put as putWithKey,
  refusal,
  scene,
  shows,
  textOf,
  tokenUntil,
  until,
} from './page.js';

const { setCredential } = await import('/widgets.js');

const { winner } = scene.accounts;
const names = Object.keys(scene.heights);
const hour = 3_600_000;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** An element without a key. */
function put(tag, attributes = {}) {
  return putWithKey(tag, { 'api-key': null, 'account-id': winner, ...attributes });
}

/** An element with `token` as a property, as a page's script sets it. */
function putWith(token, attributes, tag = 'pt-stats-card') {
  const element = put(tag, attributes);
  element.token = token;
  return element;
}

/** A script tag of ours with these data attributes; it stays until the page is cleared. */
function putScript(dataset) {
  const script = document.createElement('script');
  script.type = 'module';
  Object.assign(script.dataset, dataset);
  script.src = '/widgets.js';
  document.body.append(script);
}

/** Sets the token of the page. */
const setToken = (token) => setCredential({ base: location.origin, token });

/** The credentials of the requests to the API while `work` runs. */
async function credentialsDuring(work, answer = (_, forward) => forward()) {
  const credentials = [];
  await answering(
    (address, forward) => {
      const { searchParams } = address;
      credentials.push(
        ['token', 'api_key'].flatMap((name) => searchParams.getAll(name)).join(' and '),
      );
      return answer(address, forward);
    },
    () => work(credentials),
  );
  return credentials;
}

/** A token source that counts its calls. */
function source(...given) {
  const getToken = () => {
    getToken.calls++;
    const next = given.length > 1 ? given.shift() : given[0];
    return typeof next === 'function' ? next() : (next ?? tokenUntil(Date.now() + hour));
  };
  getToken.calls = 0;
  return getToken;
}

describe('a token', () => {
  afterEach(clearPage);

  it('opens an element in place of a key', async () => {
    const token = tokenUntil(Date.now() + hour);
    const credentials = await credentialsDuring(() =>
      shows(put('pt-stats-card', { token }), '+$500.50'),
    );
    equal(credentials.join(), token);
  });

  it('takes precedence over the element’s key, and that over the page’s token', async () => {
    const [own, ofPage] = [tokenUntil(Date.now() + hour), tokenUntil(Date.now() + 2 * hour)];
    const { key } = scene;
    putScript({ token: ofPage });
    const credentials = await credentialsDuring(async () => {
      await shows(put('pt-win-streak'), 'Winner 50K');
      await shows(put('pt-stats-card', { token: own, 'api-key': key }), '+$500.50');
      await shows(put('pt-drawdown-gauge', { 'api-key': key }), 'Winner 50K');
      await shows(put('pt-risk-metrics'), 'Winner 50K');
    });
    equal(credentials.join('\n'), [ofPage, own, key, ofPage].join('\n'));
  });

  it('on the script tag takes precedence over its key', async () => {
    const token = tokenUntil(Date.now() + hour);
    putScript({ token, key: scene.key });
    const credentials = await credentialsDuring(() => shows(put('pt-stats-card'), '+$500.50'));
    equal(credentials.join(), token);
  });

  it('that replaces another is used at once, and the old picture stays until the answer', async () => {
    const [old, fresh] = [tokenUntil(Date.now() + hour), tokenUntil(Date.now() + 2 * hour)];
    const card = put('pt-stats-card', { token: old });
    await shows(card, '+$500.50');
    let answer;
    await credentialsDuring(
      async (credentials) => {
        card.token = fresh;
        await until(() => answer);
        equal(credentials.join(), fresh);
        await card.updateComplete;
        ok(textOf(card.shadowRoot).includes('+$500.50'), 'the picture is gone');
        const loaded = new Promise((resolve) => card.addEventListener('pt-load', resolve));
        answer();
        await loaded;
      },
      (_, forward) =>
        new Promise((resolve) => {
          answer = () => resolve(forward());
        }),
    );
  });

  it('that has ended is explained to the trader', async () => {
    await answering(
      () => refusal(403, 'invalid_token'),
      async () => {
        const card = put('pt-stats-card', { token: tokenUntil(Date.now() - hour) });
        await shows(card, 'This view has ended');
        await shows(card, 'Reload the page to go on.');
      },
    );
  });

  it('in a shell’s address is used for its further requests', async () => {
    const token = tokenUntil(Date.now() + hour);
    const frame = await openShell('stats-card', { token, account_id: winner });
    const element = frame.contentDocument.body.firstElementChild;
    ok(textOf(element.shadowRoot).includes('+$500.50'), 'no still');
    await until(() => element.hasUpdated);
    const { contentWindow } = frame;
    const { fetch } = contentWindow;
    const requests = [];
    contentWindow.fetch = (address, ...rest) => {
      requests.push(new URL(address).searchParams);
      return fetch(address, ...rest);
    };
    await element.reload();
    equal(requests.length, 1);
    equal(requests[0].get('token'), token);
    equal(requests[0].get('api_key'), null);
    equal(element.refusal, undefined);
  });
});

describe('a function that gets a token', () => {
  afterEach(clearPage);

  it('may return a token or the API’s whole answer, or a promise of them', async () => {
    const token = tokenUntil(Date.now() + hour);
    const answer = { token, expires_at: Date.now() + hour };
    for (const given of [token, answer, Promise.resolve(token), Promise.resolve(answer)]) {
      await shows(
        putWith(() => given),
        '+$500.50',
      );
      clearPage();
    }
  });

  it('is called once for all elements of a page', async () => {
    const getToken = source(async () => {
      await pause(50);
      return tokenUntil(Date.now() + hour);
    });
    const elements = names.map((name) => putWith(getToken, {}, `pt-${name}`));
    for (const element of elements) {
      element.scrollIntoView();
      await until(() => element.answer, element.localName);
    }
    equal(getToken.calls, 1);
    scrollTo(0, 0);
  });

  it('may be set for the whole page by setCredential', async () => {
    const getToken = source();
    setToken(getToken);
    const cards = [put('pt-stats-card'), put('pt-equity-curve')];
    for (const card of cards) await shows(card, '+$500.50');
    equal(getToken.calls, 1);
  });

  it('is called again before its token ends, and not sooner', async () => {
    const { now } = Date;
    const getToken = source();
    const card = putWith(getToken);
    await shows(card, '+$500.50');
    try {
      for (const [minutes, calls] of [
        [58, 1],
        [59.5, 2],
        [117, 2],
        [119, 3],
      ]) {
        Date.now = () => now.call(Date) + minutes * 60_000;
        await card.reload();
        equal(getToken.calls, calls, `after ${minutes} minutes`);
      }
    } finally {
      Date.now = now;
    }
  });

  it('is called in time also for a token of a few seconds', async () => {
    const { now } = Date;
    const getToken = source(() => tokenUntil(Date.now() + 20_000));
    const card = putWith(getToken);
    await shows(card, '+$500.50');
    try {
      for (const [seconds, calls] of [
        [17, 1],
        [19, 2],
      ]) {
        Date.now = () => now.call(Date) + seconds * 1_000;
        await card.reload();
        equal(getToken.calls, calls, `after ${seconds} seconds`);
      }
    } finally {
      Date.now = now;
    }
  });

  it('is called once also on a machine whose clock is ahead', async () => {
    const getToken = source(() => tokenUntil(Date.now() - hour));
    const card = putWith(getToken);
    await shows(card, '+$500.50');
    await card.reload();
    await card.reload();
    equal(getToken.calls, 1);
  });

  it('is called once more when the API refuses its token', async () => {
    const [old, fresh] = [tokenUntil(Date.now() + hour), tokenUntil(Date.now() + 2 * hour)];
    const getToken = source(old, fresh);
    const credentials = await credentialsDuring(
      async () => {
        const elements = ['pt-stats-card', 'pt-equity-curve', 'pt-win-streak'].map((tag) =>
          putWith(getToken, { period: '90d' }, tag),
        );
        for (const element of elements) await until(() => element.answer, element.localName);
      },
      ({ searchParams }, forward) =>
        searchParams.get('token') === old ? refusal(403, 'invalid_token') : forward(),
    );
    equal(getToken.calls, 2);
    equal(credentials.filter((token) => token === fresh).length, 3);
  });

  it('is called only once more when the API refuses all its tokens', async () => {
    const getToken = source(() => tokenUntil(Date.now() + hour));
    const credentials = await credentialsDuring(
      async () => {
        await shows(putWith(getToken), 'This view has ended');
        await pause(700);
      },
      () => refusal(403, 'invalid_token'),
    );
    equal(getToken.calls, 2);
    equal(credentials.length, 2);
  });

  const failures = {
    throws: () => {
      throw new Error('logged out');
    },
    rejects: () => Promise.reject(new Error('no connection')),
    'gives an error': () => ({ error: 'Log in first.' }),
    'gives nothing': () => undefined,
  };
  for (const [fails, failing] of Object.entries(failures))
    it(`and ${fails} is retried like a server that is down`, async () => {
      const { setTimeout: original } = globalThis;
      const unhandled = [];
      const listener = (event) => unhandled.push(event.reason);
      addEventListener('unhandledrejection', listener);
      globalThis.setTimeout = (call, milliseconds) =>
        original(call, milliseconds === 1_000 ? 20 : milliseconds);
      const getToken = source(failing, failing, null);
      try {
        const card = putWith(getToken);
        const refusals = [];
        card.addEventListener('pt-error', ({ detail }) => refusals.push(detail));
        await shows(card, 'No answer from PropTally');
        await shows(card, '+$500.50');
        equal(getToken.calls, 3);
        equal(
          refusals.map(({ status, code }) => `${status} ${code}`).join(),
          '0 unreachable,0 unreachable',
        );
        equal(unhandled.length, 0);
      } finally {
        globalThis.setTimeout = original;
        removeEventListener('unhandledrejection', listener);
      }
    });

  it('and fails later leaves the last picture, marked as old', async () => {
    const { now } = Date;
    const card = putWith(source(tokenUntil(Date.now() + hour), failures.rejects));
    await shows(card, '+$500.50');
    Date.now = () => now.call(Date) + hour;
    try {
      await card.reload();
    } finally {
      Date.now = now;
    }
    await shows(card, 'As of ');
    ok(textOf(card.shadowRoot).includes('+$500.50'), 'the picture is gone');
  });

  it('leads to no request for an element that was removed meanwhile', async () => {
    let give;
    const card = putWith(
      () =>
        new Promise((resolve) => {
          give = () => resolve(tokenUntil(Date.now() + hour));
        }),
    );
    const credentials = await credentialsDuring(async () => {
      await until(() => give);
      card.parentElement.remove();
      give();
      await pause(100);
    });
    equal(credentials.length, 0);
  });
});
