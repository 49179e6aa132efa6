import { setCredential } from '@proptally/widgets/stats-card';
import '@proptally/widgets/vue';
import { createApp, h, ref } from 'vue';

/** The example of docs/embed.md, without a template. */
const Analytics = {
  props: ['account', 'other'],
  setup(props) {
    const shown = ref(props.account);
    const loaded = ref('');
    return () =>
      h('div', [
        h('button', { onClick: () => (shown.value = props.other) }, 'Other account'),
        h('output', loaded.value),
        h('pt-stats-card', {
          'account-id': shown.value,
          onPtLoad: ({ detail }) => (loaded.value = detail.widget),
        }),
      ]);
  },
};

export function mount(place, { apiKey, ...props }) {
  setCredential({ base: location.origin, key: apiKey });
  const app = createApp(Analytics, props);
  app.mount(place);
  return () => app.unmount();
}
