import { clearPage, equal, ok, openShell, scene, until } from './page.js';

const { winner, busy } = scene.accounts;

/** The messages to this page while `work` runs. */
async function messagesDuring(work) {
  const messages = [];
  const take = (event) => messages.push(event);
  addEventListener('message', take);
  try {
    await work(messages);
  } finally {
    removeEventListener('message', take);
  }
  return messages;
}

const heightsIn = (messages) => messages.filter(({ data }) => data?.type === 'proptally:height');

describe('the height of a shell', () => {
  afterEach(clearPage);

  it('is posted to its page, and nothing else is', async () => {
    const messages = await messagesDuring(async (soFar) => {
      await openShell('stats-card', { account_id: winner }, 400, 600);
      await until(() => heightsIn(soFar).length > 0);
    });
    for (const { origin, data } of heightsIn(messages)) {
      equal(origin, location.origin);
      equal(Object.keys(data).sort().join(), 'height,type');
      // Of the root's box, not the 600 px of the frame.
      equal(data.height, 280);
    }
  });

  // Before a page loads embed.js, which follows every shell from then on.
  it('can be followed by its page alone', async () => {
    const frame = await openShell('recent-trades', { account_id: busy, limit: '20' }, 400, 200);
    const root = frame.contentDocument.documentElement;
    frame.contentWindow.postMessage('proptally:follow', '*');
    frame.contentWindow.postMessage({ type: 'else' }, '*');
    // Without a source, so not from its page.
    frame.contentWindow.dispatchEvent(
      new MessageEvent('message', {
        data: { type: 'proptally:follow' },
        origin: 'https://evil.example',
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    equal(root.style.maxHeight, '');
  });

  it('is followed by a page that loads embed.js, with all rows', async () => {
    const script = document.createElement('script');
    script.src = '/embed.js';
    const other = document.createElement('iframe');
    other.srcdoc = `<script>parent.postMessage({ type: 'proptally:height', height: 999 }, '*')</script>`;
    document.body.append(script, other);
    const frame = await openShell('recent-trades', { account_id: busy, limit: '20' }, 400, 150);
    await until(
      () => frame.getBoundingClientRect().height === 420 + 10 * 28,
      'the height of 20 trades',
    );
    const small = await openShell('stats-card', { account_id: winner }, 400, 600);
    await until(() => small.getBoundingClientRect().height === 280);
    ok(!other.style.height, 'another frame was resized');
    for (const [origin, height] of [
      ['https://evil.example', 999],
      [location.origin, 1e9],
      [location.origin, '999px;color:red'],
    ])
      dispatchEvent(
        new MessageEvent('message', {
          source: small.contentWindow,
          origin,
          data: { type: 'proptally:height', height },
        }),
      );
    equal(small.style.height, '280px');
  });
});

describe('embed.js sets the height of a frame', () => {
  afterEach(clearPage);

  const isHigh = (frame, height = 280) =>
    until(() => {
      const { paddingTop, paddingBottom } = frame.contentDocument
        ? getComputedStyle(frame)
        : { paddingTop: '0', paddingBottom: '0' };
      return frame.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom) === height;
    }, `${height} px for the shell`);

  for (const boxSizing of ['border-box', 'content-box'])
    it(`whose ${boxSizing} has borders and padding`, async () => {
      const frame = await openShell('stats-card', { account_id: winner }, 600, 100);
      Object.assign(frame.style, { boxSizing, border: '8px solid', padding: '20px 12px 3px' });
      frame.contentWindow.location.reload();
      await isHigh(frame);
    });

  /** A shell within so many nested shadow roots. */
  function putWithin(depth) {
    let root = document.body;
    for (let level = 0; level < depth; level++) {
      const host = document.createElement('div');
      root.append(host);
      root = host.attachShadow({ mode: 'open' });
    }
    const frame = document.createElement('iframe');
    frame.style.height = '100px';
    frame.src = `/embed/partner/stats-card?key=${scene.key}&account_id=${winner}`;
    root.append(frame);
    return frame;
  }

  it('within shadow roots that are added later, also after another load', async () => {
    const frame = putWithin(2);
    await isHigh(frame);
    frame.style.height = '50px';
    frame.src += '&period=7d';
    await isHigh(frame);
  });

  it('within shadow roots that were there before it', async () => {
    const frame = putWithin(1);
    await new Promise((resolve) => frame.addEventListener('load', resolve));
    const script = document.createElement('script');
    script.src = '/embed.js?again';
    document.body.append(script);
    await isHigh(frame);
  });

  it('that is loaded lazily', async () => {
    const far = document.createElement('div');
    far.style.height = '9000px';
    document.body.append(far);
    const frame = document.createElement('iframe');
    frame.loading = 'lazy';
    frame.style.height = '100px';
    frame.src = `/embed/partner/stats-card?key=${scene.key}&account_id=${winner}`;
    document.body.append(frame);
    await new Promise((resolve) => setTimeout(resolve, 100));
    frame.scrollIntoView();
    await isHigh(frame);
    scrollTo(0, 0);
  });
});

it('shells on a page load their common script once, and request no answer', async () => {
  const names = Object.keys(scene.heights);
  const frames = await Promise.all(
    names.map((name) => openShell(name, { account_id: winner, shared: name }, 300, 200)),
  );
  const shared = new Set();
  let transfers = 0;
  for (const { contentDocument, contentWindow } of frames) {
    await until(() => contentDocument.body.firstElementChild.answer);
    for (const { name, transferSize } of contentWindow.performance.getEntriesByType('resource')) {
      ok(!name.includes('/api/'), `${name} was requested`);
      if (!name.includes('/base-')) continue;
      shared.add(name);
      if (transferSize > 0) transfers++;
    }
  }
  equal(shared.size, 1);
  ok(transfers <= 1, `${transfers} transfers`);
  clearPage();
});
