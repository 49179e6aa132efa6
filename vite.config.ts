import { defineConfig } from 'vite';
import { frameManifest } from './widgets/build/frame-manifest.ts';
import { leanUplot } from './widgets/build/lean-uplot.ts';
import { plainImports } from './widgets/build/plain-imports.ts';
import { shortenTemplates } from './widgets/build/short-templates.ts';

const frames = ['equity-curve', 'stats-card'];

/**
 * Three builds into one folder, each by its `--mode`, so that nobody waits for a file more than
 * needed: `script` makes widgets.js of one piece; `frames` the shells' scripts, two files each, of
 * which one is common to all; `loader` makes loader.js and what it loads on sight.
 */
export default defineConfig(({ mode }) => {
  const entries: Record<string, Record<string, string>> = {
    script: { widgets: 'widgets/index.ts' },
    loader: { loader: 'widgets/loader.ts' },
    frames: Object.fromEntries(frames.map((name) => [name, `widgets/${name}/frame.ts`])),
  };
  return {
    base: './',
    publicDir: false,
    plugins: [
      shortenTemplates(mode === 'frames'),
      plainImports(),
      leanUplot(),
      mode === 'frames' ? frameManifest() : [],
    ],
    build: {
      outDir: 'dist/widgets',
      emptyOutDir: mode === 'frames',
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: entries[mode]!,
        output: {
          entryFileNames: mode === 'frames' ? 'assets/[name]-[hash].js' : '[name].js',
          chunkFileNames: 'assets/[name]-[hash].js',
          ...(mode === 'script' ? {} : { codeSplitting: { groups: [base] } }),
        },
      },
    },
  };
});

/** What all widgets share, in one file. */
const base = { name: 'base', test: /node_modules\/@?lit|widgets\/core\/(?!refused)/ };
