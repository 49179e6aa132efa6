import { widgetNames, widgets } from '../shared/widgets.ts';
import { minifyStyles } from './minify-styles.ts';

const elements = widgetNames.map((name) => `pt-${name}`).join();

const heights = [...new Set(widgetNames.map((name) => widgets[name].height))].map((height) => {
  const names = widgetNames.filter((name) => widgets[name].height === height);
  return `${names.map((name) => `pt-${name}`).join()}{--proptally-room:${height}px}`;
});

/**
 * `/widgets.css`: reserves the space of elements whose script is not loaded yet. It sets what the
 * elements' own style sets, in a layer, so that any rule of the page overrides it. Where the page makes
 * elements inline, a pseudo-element fills the space.
 */
export const reservedSpaceStyles = minifyStyles(`${heights.join('')}
  :is(${elements}):not(:defined, [hidden]) {
    @layer proptally {
      display: block;
      width: 100%;
      min-width: 0;
      height: var(--proptally-room);
      box-sizing: border-box;
    }
    &::before {
      content: '';
      display: block;
      width: 240px;
      max-width: 100%;
      height: var(--proptally-room);
      max-height: 100%;
    }
  }`);
