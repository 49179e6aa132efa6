/** The server's accounts and keys, from scene.ts. */
export const scene = await (await fetch('/scene.json')).json();

/** Waits until `test` gives something true, and gives that back. */
export async function until(test, what = String(test)) {
  const end = performance.now() + 5_000;
  for (;;) {
    const result = await test();
    if (result) return result;
    if (performance.now() > end) throw new Error(`Never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function equal(actual, expected, message = '') {
  if (actual !== expected)
    throw new Error(
      `${message} expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`,
    );
}

export function ok(value, message) {
  if (!value) throw new Error(message);
}

/** `it`, where the browser has what a test asks it for; elsewhere the test is skipped, and says why. */
export function itWith(has, lack) {
  return has ? it : (name) => it.skip(`${name} (${lack})`);
}

/** Whether the test runner may tell the browser what it draws for: paper, or a visitor who likes it dark. */
export const canEmulate = navigator.userAgent.includes('Chrome');
export const itEmulates = itWith(canEmulate, 'takes no media from the test runner');

/** Fonts with the letters of languages that the tests’ Chromium has none for. */
export async function loadLetters() {
  const fonts = ['noto-sans-arabic', 'noto-sans-jp'];
  for (const name of fonts) {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = `/node_modules/@fontsource-variable/${name}/index.css`;
    const loaded = new Promise((resolve) => link.addEventListener('load', resolve));
    document.head.append(link);
    await loaded;
  }
  document.documentElement.style.setProperty(
    '--pt-font',
    "'Open Sans', 'Noto Sans Arabic Variable', 'Noto Sans JP Variable'",
  );
}

/** A token that the tests' server takes, until `expires` (epoch ms) by its own word. */
export function tokenUntil(expires) {
  const payload = btoa(JSON.stringify({ expires, says: '??>>' }));
  const text = payload.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `pte_${text}.good`;
}

/** Answers what the page asks by `answer`, given the address and what asks really, while `work` runs. */
export async function answering(answer, work) {
  const { fetch } = globalThis;
  globalThis.fetch = async (address, ...rest) =>
    answer(new URL(address, location.href), () => fetch(address, ...rest));
  try {
    return await work();
  } finally {
    globalThis.fetch = fetch;
  }
}

/** An error of the API. */
export function refusal(status, code, headers = {}) {
  return Response.json({ error: 'A sentence.', code }, { status, headers });
}

/** An element in the page with these attributes, in a box `width` px wide. */
export function put(tag, attributes = {}, width = 400) {
  const box = document.createElement('div');
  box.style.width = `${width}px`;
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries({ 'api-key': scene.key, ...attributes }))
    if (value !== null) element.setAttribute(name, value);
  box.append(element);
  document.body.append(box);
  return element;
}

/** What a visitor reads, without what only a screen reader does. */
export function textOf(root) {
  const texts = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (data.trim() && !parentElement.closest('style, table, .tip')) texts.push(data.trim());
  }
  return texts.join('\n');
}

/** Waits until an element of ours shows a text. */
export function shows(element, text) {
  return until(() => element.shadowRoot && textOf(element.shadowRoot).includes(text), text);
}

/** Opens a shell in a frame and gives back its window once it has loaded. */
export async function openShell(widget, parameters, width = 400, height = 300) {
  const frame = document.createElement('iframe');
  frame.style.cssText = `border: 0; width: ${width}px; height: ${height}px`;
  const credential = parameters.token ? {} : { key: scene.key };
  const query = new URLSearchParams({ ...credential, ...parameters });
  frame.src = `/embed/partner/${widget}?${query}`;
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
  document.body.append(frame);
  await loaded;
  return frame;
}

/** Violations of a window's content policy, those before this call among them. */
export async function violationsOf(frameWindow) {
  const found = [];
  const take = (reports) => {
    for (const { body } of reports) found.push(`${body.effectiveDirective} ${body.blockedURL}`);
  };
  const observer = new frameWindow.ReportingObserver(take, {
    types: ['csp-violation'],
    buffered: true,
  });
  observer.observe();
  await new Promise((resolve) => setTimeout(resolve, 100));
  take(observer.takeRecords());
  observer.disconnect();
  return found;
}

/** Points at an equity curve until it stands on its canvas, and no longer; gives back the canvas. */
export async function pointAtCurve({ shadowRoot }, what) {
  const chart = await until(() => shadowRoot.querySelector('.chart[tabindex]'), what);
  const { left, top, width } = chart.getBoundingClientRect();
  for (const type of ['pointermove', 'pointerleave'])
    chart.dispatchEvent(
      new PointerEvent(type, {
        clientX: left + width / 2,
        clientY: top,
        bubbles: type !== 'pointerleave',
      }),
    );
  return until(() => shadowRoot.querySelector('.drawn canvas'), what);
}

export function clearPage() {
  document.body.replaceChildren();
}
