import { clearPage, equal, ok, put, scene, shows, textOf, until } from './page.js';

describe('loader.js', () => {
  after(clearPage);

  it('registers an element when it scrolls into view, and reserves its space until then', async () => {
    const far = document.createElement('div');
    far.style.height = '4000px';
    document.body.append(far);
    const curve = put('pt-equity-curve', { 'account-id': scene.accounts.winner });
    await import('/loader.js');
    await new Promise((resolve) => setTimeout(resolve, 300));
    equal(customElements.get('pt-equity-curve'), undefined);
    equal(curve.getBoundingClientRect().height, 300);

    for (const [name, height] of Object.entries(scene.heights))
      equal(put(`pt-${name}`).getBoundingClientRect().height, height, name);

    const card = put('pt-stats-card', { 'account-id': scene.accounts.winner });
    far.before(card.parentElement);
    await shows(card, '+$500.50');
    equal(customElements.get('pt-equity-curve'), undefined);

    curve.scrollIntoView();
    await shows(curve, '+$500.50');
    ok(customElements.get('pt-equity-curve'), 'not registered in view');
  });

  it('prints elements that were never in view', async () => {
    const far = put('pt-win-streak', { 'account-id': scene.accounts.winner });
    far.parentElement.style.paddingTop = '8000px';
    await until(() => {
      dispatchEvent(new Event('beforeprint'));
      return far.shadowRoot;
    });
    ok(textOf(far.shadowRoot).includes('Winner 50K'), 'registered, and not drawn');
  });
});
