/** The server's accounts and keys, from scene.ts. */
export const scene = await (await fetch('/scene.json')).json();

/** Waits until `test` returns something true, and returns that. */
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

/** `it` in browsers that have what a test needs; elsewhere the test is skipped, with the reason in its title. */
export function itWith(has, lack) {
  return has ? it : (name) => it.skip(`${name} (${lack})`);
}

/** Whether the test runner can emulate media, such as print or a dark colour scheme. */
export const canEmulate = navigator.userAgent.includes('Chrome');
export const itEmulates = itWith(canEmulate, 'can’t emulate media');

/** Loads fonts for letters that the tests’ Chromium has none for. */
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

/** A token that the tests' server accepts; `expires` (epoch ms) is only what it says of itself. */
export function tokenUntil(expires) {
  const payload = btoa(JSON.stringify({ expires, says: '??>>' }));
  const text = payload.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `pte_${text}.good`;
}

/** While `work` runs, answers requests by `answer`, which gets the address and a function that forwards the request. */
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

/** The visible texts, without tables and tooltips. */
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

/** Opens a shell in a frame, and returns the frame once it has loaded. */
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

/** All violations of a window's content policy so far. */
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

/** Points at an equity curve until it is drawn on its canvas; returns the canvas. */
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
