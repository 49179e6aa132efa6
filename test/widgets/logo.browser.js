import { emulateMedia } from '/node_modules/@web/test-runner-commands/browser/commands.mjs';
import { canEmulate, clearPage, equal, itEmulates, ok, put, scene, shows, until } from './page.js';

await import('/widgets.js');

const { winner } = scene.accounts;

/** An element whose partner has this branding. */
async function putBranded(branding, attributes = {}, width = 400) {
  const card = put('pt-stats-card', { 'account-id': winner, ...attributes }, width);
  await shows(card, '+$500.50');
  card.answer = { ...card.answer, branding: { ...card.answer.branding, ...branding } };
  await card.updateComplete;
  return card;
}

/** A picture of this size. */
function picture(width, height) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="red"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const logoOf = (card) => card.shadowRoot.querySelector('footer img');

/** The queries of loaded addresses that include `mark`. */
const loaded = (mark) =>
  performance
    .getEntriesByType('resource')
    .filter(({ name }) => name.includes(mark))
    .map(({ name }) => new URL(name).search);

describe('a partner’s logo', () => {
  afterEach(async () => {
    clearPage();
    if (canEmulate) await emulateMedia({ colorScheme: 'light' });
  });

  let round = 0;
  for (const [theme, visitor, shown] of [
    ['dark', 'light', 'dark'],
    ['light', 'dark', 'light'],
    ['auto', 'dark', 'dark'],
    ['auto', 'light', 'light'],
  ])
    itEmulates(
      `under theme ${theme} in a ${visitor} browser is the ${shown} one, and no other is loaded`,
      async () => {
        await emulateMedia({ colorScheme: visitor });
        const path = `/logo-${round++}.svg`;
        const address = (which) => new URL(`${path}?${which}`, location).href;
        const card = await putBranded(
          {
            logo_url: address('plain'),
            logo_url_light: address('light'),
            logo_url_dark: address('dark'),
          },
          { theme },
        );
        await until(() => loaded(path).length);
        await new Promise((resolve) => setTimeout(resolve, 100));
        equal(loaded(path).join(), `?${shown}`);
        equal(logoOf(card).currentSrc, address(shown));
      },
    );

  itEmulates('follows the visitor’s setting, and the theme', async () => {
    const [light, dark] = [picture(30, 16), picture(60, 16)];
    const card = await putBranded(
      { logo_url_light: light, logo_url_dark: dark },
      { theme: 'auto' },
    );
    await until(() => logoOf(card).currentSrc === light);
    await emulateMedia({ colorScheme: 'dark' });
    await until(() => logoOf(card).currentSrc === dark);
    card.theme = 'light';
    await until(() => logoOf(card).currentSrc === light);
    card.theme = 'dark';
    await until(() => logoOf(card).currentSrc === dark);
  });

  it('is at the start of the footer, whatever the theme', async () => {
    for (const theme of ['dark', 'auto']) {
      const logos = { logo_url_light: picture(30, 16), logo_url_dark: picture(31, 16) };
      const card = await putBranded({ ...logos, company_name: 'Summit' }, { theme });
      const logo = logoOf(card);
      await until(() => logo.complete && logo.naturalWidth);
      const name = card.shadowRoot.querySelector('footer bdi').getBoundingClientRect();
      const footer = card.shadowRoot.querySelector('footer').getBoundingClientRect();
      equal(logo.getBoundingClientRect().left, footer.left, theme);
      equal(name.left - logo.getBoundingClientRect().right, 6, theme);
    }
  });

  for (const theme of ['dark', 'light', 'auto'])
    it(`without a variant is shown under theme ${theme}`, async () => {
      const card = await putBranded({ logo_url: picture(30, 16) }, { theme });
      await until(() => logoOf(card).naturalWidth === 30);
    });

  it('for the other theme alone is not shown', async () => {
    const card = await putBranded({ logo_url_dark: picture(30, 16) }, { theme: 'light' });
    equal(logoOf(card), null);
    const other = await putBranded({ logo_url_dark: picture(30, 16) }, { theme: 'auto' });
    equal(logoOf(other).currentSrc, '');
    equal(logoOf(other).getBoundingClientRect().width, 0);
  });

  it('of a usual shape keeps its size, and a long name is cut', async () => {
    const branding = { logo_url: picture(40, 16), company_name: 'A firm of a very long name' };
    const card = await putBranded(branding, {}, 240);
    const logo = logoOf(card);
    await until(() => logo.complete && logo.naturalWidth);
    equal(logo.getBoundingClientRect().width, 40);
  });

  for (const [width, height] of [
    [4_000, 10],
    [10, 4_000],
    [5_000, 5_000],
    [1, 1],
  ])
    it(`of ${width} × ${height} px keeps its place in the footer`, async () => {
      for (const cardWidth of [240, 400, 900]) {
        const card = await putBranded(
          { logo_url: picture(width, height), company_name: 'A firm of a very long name indeed' },
          {},
          cardWidth,
        );
        const logo = logoOf(card);
        await until(() => logo.complete && logo.naturalWidth);
        const box = logo.getBoundingClientRect();
        const footer = card.shadowRoot.querySelector('footer').getBoundingClientRect();
        const by = card.shadowRoot.querySelector('.by').getBoundingClientRect();
        equal(footer.height, 16);
        ok(box.height <= 16 && box.width <= 96, `${box.width} × ${box.height}`);
        ok(box.top >= footer.top && box.bottom <= footer.bottom, 'beyond the footer');
        ok(box.left >= footer.left && box.right <= by.left, `into its neighbour at ${cardWidth}`);
        ok(by.right <= footer.right + 0.5, 'pushes its neighbour out');
        equal(card.getBoundingClientRect().height, 280);
        clearPage();
      }
    });
});
