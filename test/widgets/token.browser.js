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

/** An element that has no key of its own. */
function put(tag, attributes = {}) {
  return putWithKey(tag, { 'api-key': null, 'account-id': winner, ...attributes });
}

/** With `token` from the start, as a page's script sets it. */
function putWith(token, attributes, tag = 'pt-stats-card') {
  const element = put(tag, attributes);
  element.token = token;
  return element;
}

/** A script tag of ours that says this; it stays until the page is cleared. */
function putScript(dataset) {
  const script = document.createElement('script');
  script.type = 'module';
  Object.assign(script.dataset, dataset);
  script.src = '/widgets.js';
  document.body.append(script);
}

/** What the whole page asks with from then on. */
const setToken = (token) => setCredential({ base: location.origin, token });

/** The credentials that the API was asked with while `work` runs. */
async function credentialsDuring(work, answer = (_, ask) => ask()) {
  const credentials = [];
  await answering(
    (address, ask) => {
      const { searchParams } = address;
      credentials.push(
        ['token', 'api_key'].flatMap((name) => searchParams.getAll(name)).join(' and '),
      );
      return answer(address, ask);
    },
    () => work(credentials),
  );
  return credentials;
}

/** A page's own server: gives a token, and counts. */
function source(...given) {
  const gives = () => {
    gives.calls++;
    const next = given.length > 1 ? given.shift() : given[0];
    return typeof next === 'function' ? next() : (next ?? tokenUntil(Date.now() + hour));
  };
  gives.calls = 0;
  return gives;
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

  it('goes before the element’s own key, and that before the page’s token', async () => {
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

  it('of the page stands on the script tag, and goes before its key', async () => {
    const token = tokenUntil(Date.now() + hour);
    putScript({ token, key: scene.key });
    const credentials = await credentialsDuring(() => shows(put('pt-stats-card'), '+$500.50'));
    equal(credentials.join(), token);
  });

  it('that is replaced is asked with, and the old picture stays until the answer', async () => {
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
      (_, ask) =>
        new Promise((resolve) => {
          answer = () => resolve(ask());
        }),
    );
  });

  it('that has ended says so to the trader', async () => {
    await answering(
      () => refusal(401, 'invalid_token'),
      async () => {
        const card = put('pt-stats-card', { token: tokenUntil(Date.now() - hour) });
        await shows(card, 'This view has ended');
        await shows(card, 'Reload the page to go on.');
      },
    );
  });

  it('in a shell’s address is what the shell asks with from then on', async () => {
    const token = tokenUntil(Date.now() + hour);
    const frame = await openShell('stats-card', { token, account_id: winner });
    const element = frame.contentDocument.body.firstElementChild;
    ok(textOf(element.shadowRoot).includes('+$500.50'), 'no still');
    await until(() => element.hasUpdated);
    const { contentWindow } = frame;
    const { fetch } = contentWindow;
    const asked = [];
    contentWindow.fetch = (address, ...rest) => {
      asked.push(new URL(address).searchParams);
      return fetch(address, ...rest);
    };
    await element.reload();
    equal(asked.length, 1);
    equal(asked[0].get('token'), token);
    equal(asked[0].get('api_key'), null);
    equal(element.refusal, undefined);
  });
});

describe('a function that gets a token', () => {
  afterEach(clearPage);

  it('may give its text, or what the page’s server was answered, at once or later', async () => {
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

  it('is called once for eleven elements that have it', async () => {
    const gives = source(async () => {
      await pause(50);
      return tokenUntil(Date.now() + hour);
    });
    const elements = names.map((name) => putWith(gives, {}, `pt-${name}`));
    for (const element of elements) {
      element.scrollIntoView();
      await until(() => element.answer, element.localName);
    }
    equal(gives.calls, 1);
    scrollTo(0, 0);
  });

  it('is given once for all widgets of the page by setCredential', async () => {
    const gives = source();
    setToken(gives);
    const cards = [put('pt-stats-card'), put('pt-equity-curve')];
    for (const card of cards) await shows(card, '+$500.50');
    equal(gives.calls, 1);
  });

  it('is called again before its token ends, and not sooner', async () => {
    const { now } = Date;
    const gives = source();
    const card = putWith(gives);
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
        equal(gives.calls, calls, `after ${minutes} minutes`);
      }
    } finally {
      Date.now = now;
    }
  });

  it('is called in time for a token of a few seconds too', async () => {
    const { now } = Date;
    const gives = source(() => tokenUntil(Date.now() + 20_000));
    const card = putWith(gives);
    await shows(card, '+$500.50');
    try {
      for (const [seconds, calls] of [
        [17, 1],
        [19, 2],
      ]) {
        Date.now = () => now.call(Date) + seconds * 1_000;
        await card.reload();
        equal(gives.calls, calls, `after ${seconds} seconds`);
      }
    } finally {
      Date.now = now;
    }
  });

  it('isn’t called for each question by a machine whose clock is ahead', async () => {
    const gives = source(() => tokenUntil(Date.now() - hour));
    const card = putWith(gives);
    await shows(card, '+$500.50');
    await card.reload();
    await card.reload();
    equal(gives.calls, 1);
  });

  it('is called once more when the API refuses its token', async () => {
    const [old, fresh] = [tokenUntil(Date.now() + hour), tokenUntil(Date.now() + 2 * hour)];
    const gives = source(old, fresh);
    const credentials = await credentialsDuring(
      async () => {
        const elements = ['pt-stats-card', 'pt-equity-curve', 'pt-win-streak'].map((tag) =>
          putWith(gives, { period: '90d' }, tag),
        );
        for (const element of elements) await until(() => element.answer, element.localName);
      },
      ({ searchParams }, ask) =>
        searchParams.get('token') === old ? refusal(401, 'invalid_token') : ask(),
    );
    equal(gives.calls, 2);
    equal(credentials.filter((token) => token === fresh).length, 3);
  });

  it('is not called over and over when the API takes none of its tokens', async () => {
    const gives = source(() => tokenUntil(Date.now() + hour));
    const credentials = await credentialsDuring(
      async () => {
        await shows(putWith(gives), 'This view has ended');
        await pause(700);
      },
      () => refusal(401, 'invalid_token'),
    );
    equal(gives.calls, 2);
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
    it(`and ${fails} is tried again like a server that is away`, async () => {
      const { setTimeout: original } = globalThis;
      const unhandled = [];
      const hear = (event) => unhandled.push(event.reason);
      addEventListener('unhandledrejection', hear);
      globalThis.setTimeout = (call, milliseconds) =>
        original(call, milliseconds === 1_000 ? 20 : milliseconds);
      const gives = source(failing, failing, null);
      try {
        const card = putWith(gives);
        const refusals = [];
        card.addEventListener('pt-error', ({ detail }) => refusals.push(detail));
        await shows(card, 'No answer from PropTally');
        await shows(card, '+$500.50');
        equal(gives.calls, 3);
        equal(
          refusals.map(({ status, code }) => `${status} ${code}`).join(),
          '0 unreachable,0 unreachable',
        );
        equal(unhandled.length, 0);
      } finally {
        globalThis.setTimeout = original;
        removeEventListener('unhandledrejection', hear);
      }
    });

  it('and fails later leaves the last good picture, marked as old', async () => {
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

  it('asks nothing for an element that is gone when the token comes', async () => {
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
