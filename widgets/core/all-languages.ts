import { chooseLanguage, defaultLanguage } from '../../shared/language.ts';
import { languages as files } from '../languages/index.ts';
import { english, setLanguages, type Vocabulary, vocabularyOf } from './language.ts';

/** For scripts that may meet any language: chosen by page and visitor, and loaded on demand. */
setLanguages({
  choose: chooseUsableLanguage,
  vocabularyOf: loadedVocabularyOf,
  load: loadVocabulary,
});

/** The first of `preferred` that this browser can format in. */
export function chooseUsableLanguage(...preferred: (string | null | undefined)[]): string {
  return chooseLanguage(preferred, isSupported) ?? defaultLanguage;
}

function isSupported({ baseName }: Intl.Locale): boolean {
  return Intl.NumberFormat.supportedLocalesOf(baseName).length > 0;
}

const names = Object.keys(files);

/** By name of the file; English where a file could not be loaded. */
const loaded = new Map<string, Vocabulary>();

/** The file for a language: that of its region, else of another region; undefined: there is none. */
function fileFor(language: string): string | undefined {
  const [own] = language.split('-');
  return (
    names.find((name) => `${language}-`.startsWith(`${name}-`)) ??
    names.find((name) => name.split('-')[0] === own)
  );
}

function loadedVocabularyOf(language: string): Vocabulary | undefined {
  const name = fileFor(language);
  return name ? loaded.get(name) : english;
}

/** When loading fails the words are English until it is tried again. */
export async function loadVocabulary(language: string): Promise<boolean> {
  const name = fileFor(language);
  const before = loadedVocabularyOf(language);
  if (!name || before?.language === name) return false;
  try {
    loaded.set(name, vocabularyOf(name, await files[name]!()));
  } catch {
    if (!loaded.has(name)) loaded.set(name, english);
  }
  return loaded.get(name) !== before;
}
