import type { defaultLanguage, TranslatedLanguage } from '../../shared/language.ts';
import type { Language } from './words.ts';

type File = () => Promise<Language>;

/** The files of words in languages other than English. */
export const languages: Readonly<Record<string, File>> = {
  ar: () => import('./ar.ts'),
  de: () => import('./de.ts'),
  es: () => import('./es.ts'),
  fr: () => import('./fr.ts'),
  ja: () => import('./ja.ts'),
  'pt-BR': () => import('./pt-BR.ts'),
} satisfies Record<Exclude<TranslatedLanguage, typeof defaultLanguage>, File>;
