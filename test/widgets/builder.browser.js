import { clearPage, equal, ok, scene, shows, until } from './page.js';

const { winner } = scene.accounts;
const names = Object.keys(scene.heights);

let opened;

/** Opens the builder with these values in its address; in a window, as it must not be framed. */
async function openBuilder(values) {
  const query = new URLSearchParams({ key: scene.key, ...values });
  opened = open(`/builder?${Math.random()}#${query}`, '_blank', 'width=1400,height=900');
  await until(() => opened.document.querySelector('#widget'));
  return opened.document;
}

function set(builder, name, value) {
  const field = builder.getElementById(name);
  field.value = value;
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

const snippetOf = (builder) => builder.getElementById('snippet').textContent;

function openTab(builder, tab) {
  [...builder.querySelectorAll('[role="tab"]')]
    .find(({ textContent }) => textContent === tab)
    .click();
}

describe('the widget builder', () => {
  afterEach(() => {
    opened?.close();
    clearPage();
  });

  it('offers every widget of the catalogue with all its parameters', async () => {
    const builder = await openBuilder({});
    equal(
      [...builder.getElementById('widget').options].map(({ value }) => value).join(),
      names.join(),
    );
    for (const name of names) {
      set(builder, 'widget', name);
      const fields = [...builder.querySelectorAll('fieldset :is(input, select)[id]')].map(
        ({ id }) => id.replaceAll('_', '-'),
      );
      const attributes = scene.attributes[name].filter(
        (one) => !['token', 'api-key', 'base'].includes(one),
      );
      equal(fields.sort().join(), attributes.sort().join(), name);
    }
  });

  it('suggests the languages that widgets have words in, by their own names, and takes any other', async () => {
    const builder = await openBuilder({ widget: 'stats-card', account_id: winner });
    const field = builder.getElementById('lang');
    const names = new Map([...field.list.options].map(({ value, label }) => [value, label]));
    equal([...names.keys()].join(), ['en', ...scene.languages].sort().join());
    equal(names.get('ar'), 'العربية');
    equal(names.get('ja'), '日本語');
    openTab(builder, 'Script tag');
    for (const [given, taken] of [
      ['fr', 'lang="fr"'],
      ['DE-at', 'lang="de-AT"'],
      ['no language', ''],
    ]) {
      set(builder, 'lang', given);
      ok(snippetOf(builder).includes(taken), given);
      equal(snippetOf(builder).includes('lang='), Boolean(taken), given);
    }
  });

  it('previews the widget with the chosen values, at the chosen width', async () => {
    const builder = await openBuilder({ widget: 'stats-card', account_id: winner });
    const shell = builder.getElementById('preview');
    const widget = await until(() => shell.contentDocument?.querySelector('pt-stats-card'));
    await shows(widget, '+$500.50');
    set(builder, 'period', '7d');
    await until(() => shell.src.includes('period=7d'));
    const handle = builder.querySelector('[role="separator"]');
    const before = builder.getElementById('box').getBoundingClientRect().width;
    handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    equal(builder.getElementById('box').getBoundingClientRect().width, before + 10);
    handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
    equal(handle.getAttribute('aria-valuenow'), '1200');

    openTab(builder, 'Script tag');
    const element = await until(() => builder.querySelector('pt-stats-card'));
    await shows(element, '7 days');
    set(builder, 'lang', 'de-DE');
    await shows(element, '+500,50');
  });

  it('gives snippets that work without a change', async () => {
    const builder = await openBuilder({ widget: 'stats-card', account_id: winner, theme: 'light' });
    const place = document.createElement('div');
    document.body.append(place);
    place.setHTMLUnsafe(snippetOf(builder));
    const pasted = place.querySelector('iframe');
    equal(pasted.height, '280');
    pasted.loading = 'eager';
    const shell = await until(() => pasted.contentDocument?.querySelector('pt-stats-card'));
    await shows(shell, '+$500.50');

    openTab(builder, 'Script tag');
    place.setHTMLUnsafe(snippetOf(builder));
    const [inert] = place.querySelectorAll('script');
    const script = document.createElement('script');
    for (const { name, value } of inert.attributes) script.setAttribute(name, value);
    inert.replaceWith(script);
    await shows(place.querySelector('pt-stats-card'), '+$500.50');

    openTab(builder, 'React');
    ok(snippetOf(builder).includes("from '@proptally/widgets/stats-card';"), 'no import');
    ok(snippetOf(builder).includes(`base: '${location.origin}'`), 'no server');
    ok(snippetOf(builder).includes(`account-id="${winner}"`), 'no account');
    openTab(builder, 'Vue');
    ok(snippetOf(builder).includes('<template>'), 'no template');
  });

  it('warns of a key that opens more than widgets, and of a malformed key', async () => {
    const builder = await openBuilder({});
    const warning = builder.querySelector('.field .warning');
    await until(() => warning.textContent.includes('opens more than widgets'));
    set(builder, 'key', 'hunter2');
    await until(() => warning.textContent.includes('not a key'));
    set(builder, 'key', scene.publishableKey);
    await until(() => !warning.textContent);
  });

  it('tells when the browser refuses to copy', async () => {
    const builder = await openBuilder({ widget: 'stats-card' });
    Object.defineProperty(builder.defaultView.navigator, 'clipboard', {
      value: { writeText: () => Promise.reject(new Error('denied')) },
    });
    builder.querySelector('.copy').click();
    await until(() => builder.querySelector('[role=status]').textContent.includes('refused'));
    ok(builder.querySelector('[role=status]').getBoundingClientRect().height > 10, 'out of sight');
  });

  it('mends and escapes the values in its address', async () => {
    const nasty = `"><script>alert(1)</script>'\\{{x}}\u2028`;
    const builder = await openBuilder({
      widget: 'recent-trades',
      key: nasty,
      account_id: nasty,
      limit: '9999',
      theme: 'neon',
      accent: nasty,
      refresh: 'x',
    });
    for (const tab of ['iframe', 'Script tag', 'React', 'Vue']) {
      openTab(builder, tab);
      const text = snippetOf(builder);
      ok(!text.includes('<script>alert') && !text.includes("</script>'"), `${tab}: ${text}`);
      ok(!/neon|9999|refresh/.test(text), `${tab}: ${text}`);
      ok(/limit="25"|limit=25/.test(text), `${tab}: ${text}`);
      if (!text.includes('key: ')) continue;
      const [, literal] = /key: ('.*') }/.exec(text);
      equal(new Function(`return ${literal}`)(), nasty, tab);
    }
    const place = document.createElement('div');
    openTab(builder, 'Script tag');
    place.setHTMLUnsafe(snippetOf(builder));
    equal(place.querySelector('script').dataset.key, nasty);
    equal(place.querySelector('pt-recent-trades').getAttribute('account-id'), nasty);
    equal(place.querySelectorAll('script').length, 1);
    equal(builder.getElementById('limit').value, '25');
  });

  it('keeps its state in the fragment of its address, where no server sees it', async () => {
    const builder = await openBuilder({ widget: 'leaderboard' });
    set(builder, 'limit', '25');
    const { hash, search } = builder.defaultView.location;
    ok(hash.includes('limit=25') && hash.includes(scene.key), hash);
    ok(!search.includes(scene.key), search);
  });
});
