import type { Plugin } from 'vite';

const retried = 'const retried=a=>import(a).catch(()=>import(a+"?"+Date.now()));';

/**
 * Has what is loaded on demand tried again where it failed: browsers remember that of an address for as
 * long as the page stands, so each further try is by one of its own.
 */
export function retriedImports(): Plugin {
  return {
    name: 'retried-imports',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk' && chunk.code.includes('import('))
          chunk.code = retried + chunk.code.replaceAll('import(', 'retried(');
    },
  };
}
