import { setCredential } from '@proptally/widgets/stats-card';
import '@proptally/widgets/equity-curve';
import '@proptally/widgets/react';
import { createElement, useState } from 'react';
import { createRoot } from 'react-dom/client';

/** The example of docs/embed.md, without JSX. */
function Analytics({ account, other }) {
  const [shown, show] = useState(account);
  const [loaded, setLoaded] = useState('');
  return createElement(
    'div',
    null,
    createElement('button', { type: 'button', onClick: () => show(other) }, 'Other account'),
    createElement('output', null, loaded),
    createElement('pt-stats-card', {
      'account-id': shown,
      'onpt-load': ({ detail }) => setLoaded(detail.widget),
    }),
    createElement('pt-equity-curve', { 'account-id': shown, theme: 'light' }),
  );
}

export function mount(place, { apiKey, ...props }) {
  setCredential({ base: location.origin, key: apiKey });
  const root = createRoot(place);
  root.render(createElement(Analytics, props));
  return () => root.unmount();
}
