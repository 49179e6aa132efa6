import { clearPage, equal, scene, shows, until } from './page.js';

const { winner, loser } = scene.accounts;

for (const framework of ['react', 'vue'])
  describe(`a page of ${framework}`, () => {
    afterEach(clearPage);

    it('shows the elements of the npm package, sets their attributes and handles their events', async () => {
      const { mount } = await import(`/pages/${framework}.js`);
      const place = document.createElement('div');
      document.body.append(place);
      const unmount = mount(place, { apiKey: scene.key, account: winner, other: loser });
      const card = await until(() => place.querySelector('pt-stats-card'));
      await shows(card, '+$500.50');
      await until(() => place.querySelector('output').textContent === 'stats-card');
      place.querySelector('button').click();
      await shows(card, '−$399.25');
      const curve = place.querySelector('pt-equity-curve');
      // With the credential that was set once for the page.
      if (curve) await shows(curve, '−$399.25');
      unmount();
      equal(place.children.length, 0);
    });
  });
