import type { Plugin } from 'vite';
import { isWidgetName } from '../../shared/widgets.ts';

/** A widget's entry in `manifest.json`; paths are relative to the manifest. */
interface FrameFiles {
  /** The script of its shell. */
  script: string;
  /** What that script imports statically, to be preloaded with it. */
  imports: string[];
}

/** Writes `manifest.json`: the files of each widget's shell, and of the words of each language. */
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
        // The loop also visits what is added to the set meanwhile: the imports of imports.
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
