import { defineConfig } from 'vite';
import { frameEntries, frames } from './widgets/build/frame-entries.ts';
import { frameManifest } from './widgets/build/frame-manifest.ts';
import { hostPage } from './widgets/build/host-page.ts';
import { packageEntries, packageEntry } from './widgets/build/package.ts';
import { plainImports } from './widgets/build/plain-imports.ts';
import { reservedSpace } from './widgets/build/reserved-space.ts';
import { retriedImports } from './widgets/build/retried-imports.ts';
import { styles } from './widgets/build/styles.ts';

const entries: Record<string, Record<string, string>> = {
  script: { widgets: 'widgets/index.ts' },
  loader: { loader: 'widgets/loader.ts' },
  embed: { embed: 'widgets/embed.ts' },
  package: packageEntries,
  builder: { builder: `${import.meta.dirname}/widgets/builder/builder.html` },
  trader: { trader: 'widgets/trader/trader.ts' },
  frames: frameEntries,
};

/**
 * Several builds into one folder, one for each `--mode`, so that no page waits for more files than it
 * needs: `script` makes widgets.js in one piece; `frames` the scripts of shells, two files each, of which
 * one is common to all; `loader` makes loader.js, the elements it loads, and widgets.css; `embed` makes
 * embed.js; `builder` the page, `trader`
 * the script of a trader's page. `package` makes the npm package, in its own folder.
 */
export default defineConfig(({ mode }) => ({
  root: mode === 'builder' ? 'widgets/builder' : import.meta.dirname,
  base: './',
  publicDir: false,
  plugins: [
    styles(mode === 'frames'),
    plainImports(),
    ['frames', 'builder', 'trader'].includes(mode) ? [] : hostPage(),
    mode === 'frames' ? [frames(), frameManifest()] : [],
    mode === 'package' ? packageEntry() : retriedImports(),
    mode === 'loader' ? reservedSpace() : [],
  ],
  build: {
    outDir: `${import.meta.dirname}/dist/${mode === 'package' ? 'npm' : 'widgets'}`,
    emptyOutDir: ['frames', 'package'].includes(mode),
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: {
      // A module that is loaded on demand in one build is loaded at once in another.
      checks: { ineffectiveDynamicImport: false },
      // So that constants which two scripts share make no third file.
      optimization: { inlineConst: true },
      input: entries[mode]!,
      // No exports but those that other scripts import.
      preserveEntrySignatures: mode === 'package' ? 'strict' : 'allow-extension',
      ...(mode === 'package' && { external: ['lit'] }),
      output: {
        // Short hashes, as loader.js names many files.
        entryFileNames: mode === 'frames' ? 'assets/[name]-[hash:6].js' : '[name].js',
        chunkFileNames: 'assets/[name]-[hash:6].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
        ...(mode === 'embed' && { format: 'iife' }),
        ...(['frames', 'loader'].includes(mode) && {
          codeSplitting: { groups: [base] },
        }),
      },
    },
  },
}));

/** What all widgets share, in one file; core/lazy/ is loaded on demand. */
const base = { name: 'base', test: /node_modules\/@?lit|\/widgets\/core\/[^/]+$/ };
