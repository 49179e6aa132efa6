import { clearPage, equal, ok, openShell, scene, until } from './page.js';

const { winner, busy } = scene.accounts;

/** What shells say to this page while `work` runs. */
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

const told = (messages) => messages.filter(({ data }) => data?.type === 'proptally:height');

describe('the height of a shell', () => {
  afterEach(clearPage);

  it('is told to its page, and nothing else is', async () => {
    const messages = await messagesDuring(async (soFar) => {
      await openShell('stats-card', { account_id: winner }, 400, 600);
      await until(() => told(soFar).length > 0);
    });
    for (const { origin, data } of told(messages)) {
      equal(origin, location.origin);
      equal(Object.keys(data).sort().join(), 'height,type');
      // The root's own box, not the frame's 600 px.
      equal(data.height, 280);
    }
  });

  // Before a page loads embed.js, which follows every shell from then on.
  it('is not said to follow by anybody but its page', async () => {
    const frame = await openShell('recent-trades', { account_id: busy, limit: '20' }, 400, 200);
    const root = frame.contentDocument.documentElement;
    frame.contentWindow.postMessage('proptally:follow', '*');
    frame.contentWindow.postMessage({ type: 'else' }, '*');
    // From nobody: not from its page.
    frame.contentWindow.dispatchEvent(
      new MessageEvent('message', {
        data: { type: 'proptally:follow' },
        origin: 'https://evil.example',
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    equal(root.style.maxHeight, '');
  });

  it('is followed by a page that loads embed.js, more rows and all', async () => {
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
    ok(!other.style.height, 'a frame of somebody else was resized');
  });
});

it('eleven shells on a page fetch the script they share once', async () => {
  const names = Object.keys(scene.heights);
  const frames = await Promise.all(
    names.map((name) => openShell(name, { account_id: winner, shared: name }, 300, 200)),
  );
  const fetched = new Map();
  for (const frame of frames) {
    await until(() => frame.contentDocument.body.firstElementChild.hasUpdated);
    for (const { name, transferSize } of frame.contentWindow.performance.getEntriesByType(
      'resource',
    ))
      if (name.includes('/base-') && transferSize > 0)
        fetched.set(name, (fetched.get(name) ?? 0) + 1);
  }
  ok(fetched.size <= 1, 'more than one shared script');
  for (const [name, times] of fetched) equal(times, 1, name);
  clearPage();
});
