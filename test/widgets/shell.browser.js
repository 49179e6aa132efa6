import { clearPage, equal, ok, openShell, scene, textOf, until, violationsOf } from './page.js';

const { winner, loser, large, empty } = scene.accounts;
const languages = ['en-US', 'de-DE', 'ar'];
const widgets = { 'stats-card': 280, 'equity-curve': 300 };

/** The frame's element as it was delivered, before its script has touched it. */
function standing(frame) {
  return frame.contentDocument.body.firstElementChild;
}

describe('a shell', () => {
  afterEach(clearPage);

  for (const [widget, height] of Object.entries(widgets)) {
    it(`of ${widget} shows the same before and after its script, without a shift`, async () => {
      const address = `/embed/partner/${widget}?${new URLSearchParams({ key: scene.key, account_id: winner })}`;
      const delivered = Document.parseHTMLUnsafe(await (await fetch(address)).text());
      const before = textOf(delivered.body.firstElementChild.shadowRoot);
      ok(before.includes('+$500.50'), 'the still has no figures');

      const frame = await openShell(widget, { account_id: winner }, 400, height);
      const { contentWindow } = frame;
      const shifts = [];
      new contentWindow.PerformanceObserver((list) => {
        for (const shift of list.getEntries()) shifts.push(shift.value);
      }).observe({ type: 'layout-shift', buffered: true });
      const element = standing(frame);
      await until(() => element.hasUpdated);
      if (widget === 'equity-curve')
        await until(() => element.shadowRoot.querySelector('.drawn canvas'));
      await new Promise((resolve) => setTimeout(resolve, 100));
      equal(textOf(element.shadowRoot), before);
      equal(shifts.length, 0);
      equal((await violationsOf(contentWindow)).join(), '');
      equal(contentWindow.document.documentElement.scrollHeight, height);
    });
  }

  it('lays the canvas exactly on the still curve', async () => {
    const frame = await openShell('equity-curve', { account_id: winner }, 517, 300);
    const root = standing(frame).shadowRoot ?? (await until(() => standing(frame).shadowRoot));
    const canvas = await until(() => root.querySelector('.drawn canvas'));
    const curve = root.querySelector('.curve').getBoundingClientRect();
    const box = canvas.getBoundingClientRect();
    for (const side of ['left', 'top', 'width', 'height'])
      ok(Math.abs(curve[side] - box[side]) < 0.5, `${side}: ${curve[side]} and ${box[side]}`);
  });

  it('asks for its own widget’s next answer with the parameters of its address', async () => {
    const frame = await openShell('stats-card', { account_id: loser, period: '7d' });
    const element = standing(frame);
    await until(() => element.hasUpdated);
    await element.refresh();
    ok(textOf(element.shadowRoot).includes('−$399.25'), 'another account');
    ok(textOf(element.shadowRoot).includes('7 days'), 'another period');
  });

  it('that is refused says so without a script', async () => {
    const frame = await openShell('stats-card', { key: scene.refusedKey });
    ok(textOf(standing(frame).shadowRoot).includes('This key was refused'), 'no reason');
  });

  for (const language of languages)
    it(`clips nothing from 240 to 1,200 px in ${language}`, async () => {
      for (const [widget, height] of Object.entries(widgets))
        for (const account_id of [winner, loser, large, empty]) {
          const frame = await openShell(widget, { account_id, lang: language }, 240, height);
          const element = standing(frame);
          await until(() => element.hasUpdated);
          for (const width of [240, 260, 300, 391, 392, 400, 560, 640, 800, 1200]) {
            frame.style.width = `${width}px`;
            await new Promise((resolve) => frame.contentWindow.requestAnimationFrame(resolve));
            equal(clipped(element).join(), '', `${widget} ${account_id} at ${width}:`);
          }
          frame.remove();
        }
    }).timeout(60_000);
});

it('a page with the strictest policy shows both widgets without a violation', async () => {
  const frame = document.createElement('iframe');
  frame.src = '/strict.html';
  document.body.append(frame);
  await until(() => frame.contentDocument?.querySelector('pt-stats-card'));
  const curve = frame.contentDocument.querySelector('pt-equity-curve');
  await until(() => curve.shadowRoot?.querySelector('.drawn canvas'));
  equal((await violationsOf(frame.contentWindow)).join(), '');
  clearPage();
});

it('a violation would be noticed', async () => {
  const frame = document.createElement('iframe');
  frame.src = '/strict.html?violate';
  document.body.append(frame);
  await until(() => frame.contentDocument?.querySelector('pt-stats-card'));
  equal((await violationsOf(frame.contentWindow)).join(), 'style-src-elem inline');
  clearPage();
});

/** Texts in sight that reach beyond the card's padding or the box that cuts them. */
function clipped(element) {
  const card = element.shadowRoot.querySelector('section').getBoundingClientRect();
  const found = [];
  const walker = document.createTreeWalker(element.shadowRoot, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest('style, table, .tip, .scale > i')) continue;
    if (!parent.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const fit = parent.closest('.fit')?.getBoundingClientRect();
    if (fit && (box.top + box.bottom) / 2 > fit.bottom) continue;
    // The optical pull of the one number is 2 px; glyphs may reach half a pixel over their box.
    const out = box.left < card.left + 13.5 || box.right > card.right - 15.5;
    // A name may end in an ellipsis: it is whole in its title.
    const cut =
      fit && !parent.closest('.who') && (box.right > fit.right + 1 || box.left < fit.left - 1);
    if ((out && !parent.closest('bdi')) || cut || box.bottom > card.bottom || box.top < card.top)
      found.push(node.data.trim());
  }
  return found;
}
