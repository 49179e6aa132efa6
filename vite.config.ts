import { defineConfig } from 'vite';
import { frameEntries, frames } from './widgets/build/frame-entries.ts';
import { frameManifest } from './widgets/build/frame-manifest.ts';
import { hostPage } from './widgets/build/host-page.ts';
import { packageEntries, packageEntry } from './widgets/build/package.ts';
import { plainImports } from './widgets/build/plain-imports.ts';
import { retriedImports } from './widgets/build/retried-imports.ts';
import { room } from './widgets/build/room.ts';
import { styles } from './widgets/build/styles.ts';

const entries: Record<string, Record<string, string>> = {
  script: { widgets: 'widgets/index.ts' },
  loader: { loader: 'widgets/loader.ts' },
  embed: { embed: 'widgets/embed.ts' },
  package: packageEntries,
  builder: { builder: `${import.meta.dirname}/widgets/builder/builder.html` },
  frames: frameEntries,
};

/**
 * Several builds into one folder, each by its `--mode`, so that nobody waits for a file more than
 * needed: `script` makes widgets.js of one piece; `frames` the shells' scripts, two files each, of
 * which one is common to all; `loader` makes loader.js, what it loads on sight, and widgets.css;
 * `embed` what a page loads beside its frames; `builder` a page. `package` is of the npm package, in
 * its own folder.
 */
export default defineConfig(({ mode }) => ({
  root: mode === 'builder' ? 'widgets/builder' : import.meta.dirname,
  base: './',
  publicDir: false,
  plugins: [
    styles(mode === 'frames'),
    plainImports(),
    ['frames', 'builder'].includes(mode) ? [] : hostPage(),
    mode === 'frames' ? [frames(), frameManifest()] : [],
    mode === 'package' ? packageEntry() : retriedImports(),
    mode === 'loader' ? room() : [],
  ],
  build: {
    outDir: `${import.meta.dirname}/dist/${mode === 'package' ? 'npm' : 'widgets'}`,
    emptyOutDir: ['frames', 'package'].includes(mode),
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: {
      // What is loaded later in one build is loaded at once in another.
      checks: { ineffectiveDynamicImport: false },
      // A number that two scripts share is no reason for a third.
      optimization: { inlineConst: true },
      input: entries[mode]!,
      // What other scripts import from them, and nothing more of a file that is of one piece.
      preserveEntrySignatures: mode === 'package' ? 'strict' : 'allow-extension',
      ...(mode === 'package' && { external: ['lit'] }),
      output: {
        // Six characters tell versions apart, and loader.js names many files.
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

/** What all widgets share, in one file; core/later/ is loaded when it is needed, if ever. */
const base = { name: 'base', test: /node_modules\/@?lit|\/widgets\/core\/[^/]+$/ };
