import type { Plugin } from 'vite';
import { isWidgetName } from '../../shared/widgets.ts';

/** What `manifest.json` says of a widget; paths are relative to the manifest. */
interface FrameFiles {
  /** The script of its shell. */
  script: string;
  /** What that script imports at once, to be preloaded with it. */
  imports: string[];
}

/** Says of each widget which script its shell loads, and with what; and where the words of languages are. */
export function frameManifest(): Plugin {
  return {
    name: 'frame-manifest',
    generateBundle(_options, bundle) {
      const frames: Record<string, FrameFiles> = {};
      const words: Record<string, string> = {};
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk' || !chunk.isEntry) continue;
        const { name, fileName } = chunk;
        if (!isWidgetName(name)) {
          words[name] = fileName;
          continue;
        }
        const imports = new Set(chunk.imports);
        // A set is walked to its end while it grows: what the imports import follows.
        for (const file of imports) {
          const imported = bundle[file];
          if (imported?.type === 'chunk') for (const next of imported.imports) imports.add(next);
        }
        frames[name] = { script: fileName, imports: [...imports] };
      }
      const source = JSON.stringify({ frames, words }, null, 2);
      this.emitFile({ type: 'asset', fileName: 'manifest.json', source });
    },
  };
}
