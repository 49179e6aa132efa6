import path from 'node:path';
import { build, type Rolldown } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');

/** Pages of frameworks, bundled with the npm package as a firm would: code by address. */
export async function buildFrameworkPages(): Promise<Map<string, string>> {
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    root,
    base: '/pages/',
    resolve: { alias: { '@proptally/widgets': path.join(root, 'dist/npm') } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: ['react', 'vue'].map((name) => path.join(root, `test/widgets/pages/${name}.js`)),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })) as Rolldown.RolldownOutput;
  return new Map(
    result.output.flatMap((file) =>
      file.type === 'chunk' ? [[`/pages/${file.fileName}`, file.code] as const] : [],
    ),
  );
}
