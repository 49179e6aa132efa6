import { chooseLanguage, defaultLanguage } from '../../shared/language.ts';
import { languages } from '../languages/index.ts';
import { english, speak, type Vocabulary, vocabularyOf } from './language.ts';

/** Of a script that meets them all: chosen by what page and visitor wish, and loaded on demand. */
speak({ choose: usableLanguage, spokenIn, learn });

/** The first of `wishes` that this browser can format in. */
export function usableLanguage(...wishes: (string | null | undefined)[]): string {
  return chooseLanguage(wishes, isSupported) ?? defaultLanguage;
}

function isSupported({ baseName }: Intl.Locale): boolean {
  return Intl.NumberFormat.supportedLocalesOf(baseName).length > 0;
}

const names = Object.keys(languages);

/** What was loaded, by names in the list; English where it could not be. */
const loaded = new Map<string, Vocabulary>();

/** Which of the list a language is: that of its region, else another of the same; undefined: none. */
function listed(language: string): string | undefined {
  const [own] = language.split('-');
  return (
    names.find((name) => `${language}-`.startsWith(`${name}-`)) ??
    names.find((name) => name.split('-')[0] === own)
  );
}

function spokenIn(language: string): Vocabulary | undefined {
  const name = listed(language);
  return name ? loaded.get(name) : english;
}

/** Where that fails, English is spoken until it is tried again. */
export async function learn(language: string): Promise<boolean> {
  const name = listed(language);
  const before = spokenIn(language);
  if (!name || before?.language === name) return false;
  try {
    loaded.set(name, vocabularyOf(name, await languages[name]!()));
  } catch {
    if (!loaded.has(name)) loaded.set(name, english);
  }
  return loaded.get(name) !== before;
}
