import '@proptally/widgets/stats-card';
import { createApp, h, ref } from 'vue';

/** As the README's example is, its template compiled by hand. */
const Analytics = {
  props: ['apiKey', 'account', 'other'],
  setup(props) {
    const shown = ref(props.account);
    const loaded = ref('');
    return () =>
      h('div', [
        h('button', { onClick: () => (shown.value = props.other) }, 'Other account'),
        h('output', loaded.value),
        h('pt-stats-card', {
          base: location.origin,
          apiKey: props.apiKey,
          'account-id': shown.value,
          onPtLoad: ({ detail }) => (loaded.value = detail.widget),
        }),
      ]);
  },
};

export function mount(place, props) {
  const app = createApp(Analytics, props);
  app.mount(place);
  return () => app.unmount();
}
