import type { Language } from './words.ts';

/** The languages beside English: a new one is its file and a line. */
export const languages: Readonly<Record<string, () => Promise<Language>>> = {
  ar: () => import('./ar.ts'),
  de: () => import('./de.ts'),
  es: () => import('./es.ts'),
  fr: () => import('./fr.ts'),
  ja: () => import('./ja.ts'),
  'pt-BR': () => import('./pt-BR.ts'),
};
