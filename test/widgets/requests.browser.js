import {
  answering,
  clearPage,
  equal,
  ok,
  put,
  refusal,
  scene,
  shows,
  tokenUntil,
  until,
} from './page.js';

await import('/widgets.js');

const { winner, loser } = scene.accounts;
const names = Object.keys(scene.heights);

/** The questions of widgets while `work` runs. */
async function requestsDuring(work) {
  const { fetch } = globalThis;
  const requests = [];
  globalThis.fetch = (...given) => {
    if (String(given[0]).includes('/widgets/')) requests.push(String(given[0]));
    return fetch(...given);
  };
  try {
    await work(requests);
  } finally {
    globalThis.fetch = fetch;
  }
  return requests;
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('requests', () => {
  afterEach(clearPage);

  for (const [name, parameters] of Object.entries(scene.dataParameters))
    it(`of pt-${name} have every parameter that its attributes give`, async () => {
      const given = parameters.map((parameter) => [parameter, `some-${parameter}`]);
      const attributes = given.map(([parameter, value]) => [parameter.replaceAll('_', '-'), value]);
      let sent;
      const answer = ({ searchParams }) => {
        sent = searchParams;
        return refusal(404, 'not_found');
      };
      await answering(answer, () => {
        put(`pt-${name}`, Object.fromEntries(attributes));
        return until(() => sent);
      });
      for (const [parameter, value] of given) equal(sent.get(parameter), value, parameter);
    });

  it('are shared by elements with the same question', async () => {
    const requests = await requestsDuring(async () => {
      const cards = [1, 2, 3].map(() =>
        put('pt-stats-card', { 'account-id': winner, period: '1y' }),
      );
      for (const card of cards) await shows(card, '+$500.50');
    });
    equal(requests.length, 1);
  });

  it('wait until the element is in view', async () => {
    const far = document.createElement('div');
    far.style.height = '4000px';
    document.body.append(far);
    const requests = await requestsDuring(async (soFar) => {
      const card = put('pt-stats-card', { 'account-id': winner, period: 'all' });
      await pause(300);
      equal(soFar.length, 0);
      card.scrollIntoView();
      await shows(card, '+$500.50');
    });
    equal(requests.length, 1);
    scrollTo(0, 0);
  });

  it('are repeated at the refresh interval, but not while nobody can see the element', async () => {
    const { setTimeout: original } = globalThis;
    // The least interval, ten seconds, is shortened to 50 ms.
    globalThis.setTimeout = (call, milliseconds) =>
      original(call, milliseconds === 10_000 ? 50 : milliseconds);
    try {
      await requestsDuring(async (requests) => {
        const card = put('pt-stats-card', { 'account-id': winner, refresh: '1' });
        await until(() => requests.length >= 3);
        card.parentElement.style.display = 'none';
        await new Promise((resolve) => original(resolve, 200));
        const then = requests.length;
        await new Promise((resolve) => original(resolve, 300));
        equal(requests.length, then);
        card.parentElement.style.display = '';
        await until(() => requests.length > then);
      });
    } finally {
      globalThis.setTimeout = original;
    }
  });

  it('follow another refresh interval at once', async () => {
    const { setTimeout: original } = globalThis;
    const delays = [];
    globalThis.setTimeout = (call, milliseconds) => {
      delays.push(milliseconds);
      return original(call, milliseconds);
    };
    try {
      const card = put('pt-stats-card', { 'account-id': winner });
      await shows(card, '+$500.50');
      ok(!delays.includes(20_000), 'refreshes without an interval');
      card.refresh = 20;
      await until(() => delays.includes(20_000));
    } finally {
      globalThis.setTimeout = original;
    }
  });

  it('are retried at growing intervals after failures', async () => {
    const { fetch, setTimeout: original } = globalThis;
    const waits = [];
    globalThis.fetch = () => Promise.reject(new TypeError('down'));
    globalThis.setTimeout = (call, milliseconds) =>
      original(call, milliseconds === 1_000 ? 1 : milliseconds);
    try {
      const card = put('pt-stats-card', { 'account-id': winner, period: '7d' });
      card.addEventListener('pt-error', () => original(() => waits.push(card.wait)));
      await until(() => waits.length >= 3);
    } finally {
      globalThis.fetch = fetch;
      globalThis.setTimeout = original;
    }
    ok(waits[0] >= 3 && waits[1] > waits[0] && waits[2] > waits[1], waits.join());
  });

  const never = () => new Promise(() => {});
  const unanswered = {
    'no response': never,
    'an endless body': () => new Response(new ReadableStream({ start() {} })),
  };
  for (const [what, respond] of Object.entries(unanswered))
    it(`with ${what} are aborted after 15 s and retried`, async () => {
      const { fetch, setTimeout: original } = globalThis;
      const timeouts = [];
      globalThis.setTimeout = (call, milliseconds) => {
        if (milliseconds === 15_000) timeouts.push(call);
        return original(call, milliseconds === 1_000 ? 5 : milliseconds);
      };
      let requests = 0;
      let signal;
      globalThis.fetch = (address, options) => {
        if (requests++) return fetch(address, options);
        signal = options.signal;
        return Promise.resolve(respond());
      };
      try {
        // A question that no other test asks.
        const card = put('pt-stats-card', { 'account-id': winner, period: what });
        await until(() => requests && timeouts.length);
        timeouts[0]();
        await shows(card, 'No answer from PropTally');
        ok(signal.aborted, 'the request goes on');
        await shows(card, '+$500.50');
        equal(requests, 2);
      } finally {
        Object.assign(globalThis, { fetch, setTimeout: original });
      }
    });

  it('without a token after 15 s get another token', async () => {
    const { setTimeout: original } = globalThis;
    const { now } = Date;
    const timeouts = [];
    globalThis.setTimeout = (call, milliseconds) => {
      if (milliseconds === 15_000) timeouts.push(call);
      return original(call, milliseconds === 1_000 ? 5 : milliseconds);
    };
    let got = 0;
    try {
      const card = put('pt-stats-card', { 'account-id': winner, 'api-key': null });
      card.token = () => (got++ ? tokenUntil(Date.now() + 3_600_000) : never());
      await until(() => got && timeouts.length);
      Date.now = () => now.call(Date) + 20_000;
      timeouts[0]();
      await shows(card, 'No answer from PropTally');
      await shows(card, '+$500.50');
      equal(got, 2);
    } finally {
      globalThis.setTimeout = original;
      Date.now = now;
    }
  });

  it('that failed together are not retried together', async () => {
    const { fetch, setTimeout: original } = globalThis;
    const ends = [];
    globalThis.fetch = () => Promise.reject(new TypeError('down'));
    globalThis.setTimeout = (call, milliseconds) => {
      if (milliseconds % 1) ends.push(milliseconds);
      return original(call, milliseconds === 1_000 ? 1 : milliseconds);
    };
    try {
      const cards = names.map((name) => put(`pt-${name}`, { 'account-id': winner, period: '7d' }));
      for (const card of cards) {
        card.scrollIntoView();
        await until(() => card.refusal);
      }
      await until(() => ends.length >= names.length);
      equal(new Set(ends.slice(0, names.length)).size, names.length, ends.join());
    } finally {
      Object.assign(globalThis, { fetch, setTimeout: original });
      scrollTo(0, 0);
    }
  });

  it('are retried when the API says', async () => {
    const { fetch } = globalThis;
    const refuse = (seconds) => async () =>
      refusal(429, 'daily_limit_reached', { 'Retry-After': seconds });
    try {
      globalThis.fetch = refuse('7');
      const card = put('pt-stats-card', { 'account-id': winner, period: '90d' });
      await until(() => card.wait === 7);
      globalThis.fetch = refuse('30000');
      const other = put('pt-stats-card', { 'account-id': loser, period: '90d' });
      await shows(other, 'Daily limit reached');
      equal(other.wait, 0);
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it('of one element of each widget are at most as many, and no further script but that for the curve', async () => {
    // Loads the code for pointing first, as an element may scroll beneath a pointer at rest.
    const first = put('pt-recent-trades', { 'account-id': winner });
    await until(() => first.answer);
    first.shadowRoot.dispatchEvent(new Event('focusin'));
    await until(() => first.shadowRoot.querySelector('section > .tip'));
    clearPage();
    const seen = performance.getEntriesByType('resource').length;
    const requests = await requestsDuring(async () => {
      for (const name of names) put(`pt-${name}`, { 'account-id': winner }, 1_000).height = 10;
      for (const element of document.querySelectorAll('[account-id]')) {
        element.scrollIntoView();
        await until(() => element.answer, element.localName);
      }
    });
    ok(requests.length > 1 && requests.length <= names.length, `${requests.length} requests`);
    const scripts = performance
      .getEntriesByType('resource')
      .slice(seen)
      .filter(({ initiatorType, name }) => initiatorType === 'script' || name.endsWith('.js'))
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => !path.includes('/line-'));
    equal(scripts.join(), '');
    scrollTo(0, 0);
  });
});
