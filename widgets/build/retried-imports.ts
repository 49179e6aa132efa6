import type { Plugin } from 'vite';

const retried = 'const retried=a=>import(a).catch(()=>import(a+"?"+Date.now()));';

/**
 * Retries dynamic imports that fail. Browsers cache the failure of an address for the life of the page,
 * so each retry is by another address.
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
