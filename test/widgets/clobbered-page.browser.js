import { clearPage, equal, ok, pointAtCurve, scene, until } from './page.js';

const { busy } = scene.accounts;
const names = Object.keys(scene.heights);

/** Images with the names of all properties of a document. */
function clobbering() {
  const properties = [Document, Node, EventTarget].flatMap(({ prototype }) =>
    Object.getOwnPropertyNames(prototype),
  );
  const more = 'trustedTypes requestIdleCallback litElementVersions litHtmlVersions ShadyCSS';
  return [...properties, ...more.split(' ')]
    .map((name) => `<img name="${name}" id="${name}" alt="">`)
    .join('');
}

/** A host page in a frame, with a function that returns its errors. */
async function openPage(html, height = 4_000) {
  const frame = document.createElement('iframe');
  frame.style.cssText = `width: 500px; height: ${height}px; border: 0`;
  frame.srcdoc = `<!doctype html><html lang="en"><script>
    const errors = [];
    addEventListener('error', ({ message }) => errors.push(message));
    addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)));
  </script>${html}`;
  document.body.append(frame);
  const window = await until(() => frame.contentWindow);
  const find = (selector) => Document.prototype.querySelector.call(frame.contentDocument, selector);
  const errors = () => window.eval('errors').join('\n');
  return { find, errors };
}

const elements = (attributes) =>
  names.map((name) => `<pt-${name} ${attributes}></pt-${name}>`).join('');

const scripts = ['widgets.js', 'loader.js'];
const tag = (script) => `<script type="module" src="/${script}" data-key="${scene.key}"></script>`;

/** Waits until all widgets are drawn. */
async function allDrawn({ find, errors }) {
  for (const name of names) {
    const element = await until(() => find(`pt-${name}`));
    await until(
      () => {
        // Repeated, as in WebKit the first may be before the frame is laid out.
        element.scrollIntoView();
        return element.answer;
      },
      `${name} is answered; ${errors()} ${JSON.stringify(element.refusal)}`,
    );
    await element.updateComplete;
    equal(element.shadowRoot.querySelector('.skeleton'), null, name);
  }
}

describe('on a host page', () => {
  afterEach(clearPage);

  for (const script of scripts) {
    it(`${script} draws whatever names the page’s elements have`, async () => {
      const page = await openPage(clobbering() + elements(`account-id="${busy}"`) + tag(script));
      await allDrawn(page);
      await pointAtCurve(page.find('pt-equity-curve'));
      equal(page.errors(), '');
    });

    const prototypes = {
      'a property': 'Object.prototype.x = 1',
      functions: `Object.prototype.extend = function () {}; Array.prototype.last = function () {}; String.prototype.format = function () {}; Function.prototype.bindLater = function () {}`,
      'names that options have': `for (const name of 'get set value writable once capture passive signal type style currency unit notation body headers method mode cache name id title key data index min max size width height format token base host part creationScope renderBefore children parent'.split(' ')) Object.prototype[name] = 'other'`,
    };
    for (const [what, code] of Object.entries(prototypes))
      it(`${script} draws where the page adds ${what} to prototypes`, async () => {
        const page = await openPage(
          `<script>${code}</script>${elements(`account-id="${busy}"`)}${tag(script)}`,
        );
        await allDrawn(page);
        // uPlot may take any property for an option: the SVG curve stays, with its cross-hair.
        const curve = page.find('pt-equity-curve');
        const chart = curve.shadowRoot.querySelector('.chart');
        const { left } = chart.getBoundingClientRect();
        chart.dispatchEvent(new PointerEvent('pointermove', { clientX: left + 9, bubbles: true }));
        await until(
          () => curve.shadowRoot.querySelector('.tip').textContent,
          'the tooltip of a day',
        );
        await new Promise((resolve) => setTimeout(resolve, 500));
        equal(curve.shadowRoot.querySelector('.drawn'), null);
        ok(curve.shadowRoot.querySelector('path.line').checkVisibility(), 'the curve is gone');
        equal(page.errors(), '');
      });
  }
});
