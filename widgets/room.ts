import { widgetNames, widgets } from '../shared/widgets.ts';
import { minifyStyles } from './minify-styles.ts';

const elements = widgetNames.map((name) => `pt-${name}`).join();

const heights = [...new Set(widgetNames.map((name) => widgets[name].height))].map((height) => {
  const names = widgetNames.filter((name) => widgets[name].height === height);
  return `${names.map((name) => `pt-${name}`).join()}{--proptally-room:${height}px}`;
});

/**
 * Keeps the room of elements whose script is not there yet: as an element's own style does, in the
 * lowest of layers, so that any rule of the page goes before it; and, where the page has made them
 * inline, by what stands in them.
 */
export const roomStyles = minifyStyles(`${heights.join('')}
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
