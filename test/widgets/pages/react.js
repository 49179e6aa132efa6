import '@proptally/widgets/stats-card';
import '@proptally/widgets/equity-curve';
import { createElement, useState } from 'react';
import { createRoot } from 'react-dom/client';

/** As the README's example is, without JSX. */
function Analytics({ apiKey, account, other }) {
  const [shown, show] = useState(account);
  const [loaded, setLoaded] = useState('');
  return createElement(
    'div',
    null,
    createElement('button', { type: 'button', onClick: () => show(other) }, 'Other account'),
    createElement('output', null, loaded),
    createElement('pt-stats-card', {
      base: location.origin,
      'api-key': apiKey,
      'account-id': shown,
      'onpt-load': ({ detail }) => setLoaded(detail.widget),
    }),
    createElement('pt-equity-curve', { 'account-id': shown, theme: 'light' }),
  );
}

export function mount(place, props) {
  const root = createRoot(place);
  root.render(createElement(Analytics, props));
  return () => root.unmount();
}
