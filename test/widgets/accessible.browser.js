import '/node_modules/axe-core/axe.min.js';
import { clearPage, equal, put, scene, until } from './page.js';

await import('/widgets.js');

const { axe } = globalThis;
const { busy, loser, empty } = scene.accounts;
const names = Object.keys(scene.heights);

/** The violations that axe finds by all of its rules, a line each. */
async function problems(context) {
  const { violations } = await axe.run(context, { elementRef: false });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${target.flat().join(' ')}: ${failureSummary}`,
    ),
  );
}

/** The same for the whole document of a window. */
async function problemsOfDocument(opened) {
  const script = opened.document.createElement('script');
  // By the builder's own policy: a document that requires trusted types allows no other.
  const policy = opened.trustedTypes.createPolicy('lit-html', {
    createScriptURL: (address) => address,
  });
  script.src = policy.createScriptURL('/node_modules/axe-core/axe.min.js');
  const loaded = new Promise((resolve) => script.addEventListener('load', resolve));
  opened.document.head.append(script);
  await loaded;
  const { violations } = await opened.axe.run({ exclude: 'iframe' });
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

const settled = (element) =>
  until(() => (element.answer || element.refusal) && element.updateComplete);

describe('axe finds nothing', () => {
  before(() => {
    // The page around an element has to have a language, a title and a landmark.
    document.documentElement.lang = 'en';
    document.title = 'Widgets';
  });
  afterEach(clearPage);

  for (const theme of ['dark', 'light'])
    for (const name of names) {
      it(`in ${name}, ${theme}`, async () => {
        const main = document.createElement('main');
        main.style.background = theme === 'dark' ? '#000' : '#fff';
        document.body.append(main);
        const states = [
          { 'account-id': busy },
          { 'account-id': busy, palette: 'cvd', accent: 'ffff00' },
          { 'account-id': loser },
          { 'account-id': empty },
          { 'api-key': scene.refusedKey },
          { 'account-id': busy, lang: 'ar' },
        ];
        for (const attributes of states) {
          const element = put(`pt-${name}`, { theme, ...attributes }, 400);
          main.append(element.parentElement);
          await settled(element);
          await new Promise((resolve) => setTimeout(resolve, 50));
          equal((await problems(element)).join('\n'), '', JSON.stringify(attributes));
          element.parentElement.remove();
        }
        const loading = document.createElement(`pt-${name}`);
        loading.setAttribute('theme', theme);
        loading.setAttribute('api-key', scene.key);
        main.append(loading);
        await loading.updateComplete;
        equal((await problems(loading)).join('\n'), '', 'loading');
      }).timeout(30_000);
    }

  it('in the document of a shell', async () => {
    for (const name of names) {
      const query = new URLSearchParams({ key: scene.key, account_id: busy });
      const frame = document.createElement('iframe');
      // Without its content policy, which would not allow axe.
      frame.srcdoc = (await (await fetch(`/embed/partner/${name}?${query}`)).text()).replace(
        'type="module"',
        'type="off"',
      );
      frame.height = scene.heights[name];
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
      document.body.append(frame);
      await loaded;
      equal((await problemsOfDocument(frame.contentWindow)).join('\n'), '', name);
      frame.remove();
    }
  }).timeout(30_000);

  it('in the widget builder', async () => {
    const builder = open(`/builder#key=${scene.key}`, '_blank', 'width=1400,height=900');
    await until(() => builder.document.querySelector('#widget'));
    equal((await problemsOfDocument(builder)).join('\n'), '');
    builder.close();
  });
});
