import path from 'node:path';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '..');

/** What every command loads: some 400 small files, which were half of what a command took to start. */
const builtIn = [
  'cli-progress',
  'commander',
  'csv-parse',
  /^(dom|entities|htmlparser2)/,
  'kysely',
  'zod',
];

/** Builds dist/node, the program as an installed package runs it. What only the server loads stays outside. */
await build({
  configFile: false,
  root,
  logLevel: 'warn',
  ssr: { target: 'node', noExternal: builtIn },
  build: {
    ssr: 'server/main.ts',
    outDir: 'dist/node',
    target: 'node24',
    minify: false,
    rolldownOptions: {
      // All side by side: what looks for the package's folder finds it from here as from the sources.
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
