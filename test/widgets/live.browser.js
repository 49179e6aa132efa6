import { clearPage, equal, ok, pointAtCurve, scene, until } from './page.js';

const { accounts, key } = scene;

/** The element of a shell in a frame, once its script has drawn it. */
async function openShell(widget, width = 400) {
  const frame = document.createElement('iframe');
  const query = new URLSearchParams({ key, account_id: accounts.live, lang: 'en' });
  frame.src = `/embed/partner/${widget}?${query}`;
  frame.style.cssText = `width: ${width}px; height: ${scene.heights[widget]}px; border: 0`;
  document.body.append(frame);
  const element = await until(() => frame.contentDocument?.querySelector(`pt-${widget}`));
  await until(() => element.hasUpdated, `${widget} is live`);
  return element;
}

describe('live equity in a shell', () => {
  afterEach(clearPage);

  for (const width of [260, 400, 900])
    it(`has its dotted line where the canvas ends, ${width} px wide`, async () => {
      const element = await openShell('equity-curve', width);
      const root = element.shadowRoot;
      const canvas = await pointAtCurve(element);
      const box = (selector) => root.querySelector(selector).getBoundingClientRect();
      const [plot, dot] = [box('.plot'), box('.dot')];
      const { x1, y1 } = root.querySelector('.ahead');
      const { value: share } = x1.baseVal;
      // Right of where the dotted line begins nothing is drawn, left of it the line is.
      const place = (share / plot.width) * canvas.width;
      const drawn = (from, to) => {
        const part = canvas.getContext('2d').getImageData(from, 0, to - from, canvas.height);
        return part.data.some((byte) => byte > 0);
      };
      ok(drawn(Math.floor(place) - 3, Math.floor(place)), 'no line before it');
      ok(!drawn(Math.ceil(place) + 2, canvas.width), 'a line after it');
      ok(y1.baseVal.value > 0, 'no place');
      const pill = box('.pill');
      ok(Math.abs(dot.top + dot.bottom - pill.top - pill.bottom) < 2, 'the label is elsewhere');
      ok(dot.left > plot.left + share, 'the dot is before the line');
    });

  it('is the last place of the cross-hair, which says what it is, and can’t be chosen', async () => {
    const element = await openShell('equity-curve');
    const chart = element.shadowRoot.querySelector('.chart');
    const press = (name) =>
      chart.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
    const tip = () => element.shadowRoot.querySelector('.tip:not([hidden])')?.textContent;
    press('End');
    await until(tip);
    equal(tip().replace(/\s+/g, ' '), 'As of 21:01 UTC Live+$380.25');
    const items = [];
    element.addEventListener('pt-select', ({ detail }) => items.push(detail.item));
    press('Enter');
    press('ArrowLeft');
    await until(() => tip().startsWith('Fri, Nov 20'));
    press('Enter');
    equal(items.map((item) => item.day).join(), '2026-11-20');
  });
});
