import { chooseLanguage, defaultLanguage } from '../../shared/language.ts';
import { type Plural, pluralOf } from './plural.ts';

/** The first of `wishes` that this browser can format in. */
export function usableLanguage(...wishes: (string | null | undefined)[]): string {
  return chooseLanguage(wishes, isSupported) ?? defaultLanguage;
}

function isSupported({ baseName }: Intl.Locale): boolean {
  return Intl.NumberFormat.supportedLocalesOf(baseName).length > 0;
}

/** Digits other than 0 to 9 that a language's readers expect everywhere. */
const digits: Record<string, string> = { bn: 'beng', fa: 'arabext', mr: 'deva' };

/** A language with its calendar and digits: left to itself, one browser takes others than another. */
export function exactLanguage(language: string): string {
  const { baseName, language: name } = new Intl.Locale(language);
  return `${baseName}-u-ca-gregory-nu-${digits[name] ?? 'latn'}`;
}

/** The tables of words of a language, by their names. */
type Tables = Readonly<Record<string, unknown>>;

/** How to get the words of each language but English, which choose their plurals themselves. */
type Languages = Readonly<Record<string, () => Promise<{ words(plural: Plural): object }>>>;

let languages: Languages = {};
let names: string[] = [];

/** Says which languages there are beside English. */
export function speak(all: Languages): void {
  languages = all;
  names = Object.keys(all);
}

/** The words of languages by their names in the list; null where they could not be loaded. */
const loaded = new Map<string | undefined, Tables | null>([[undefined, {}]]);

/** Which of the list a language (BCP 47) is: that of its region, else another of the same; undefined: none. */
function listed(language: string): string | undefined {
  const [own] = language.split('-');
  return (
    names.find((name) => `${language}-`.startsWith(`${name}-`)) ??
    names.find((name) => name.split('-')[0] === own)
  );
}

/** What a table says in the language of formats: English words where there are no others. */
export function inLanguage<Table>(
  name: string,
  english: Table,
): (formats: { readonly language: string }) => Table {
  return ({ language }) => (loaded.get(listed(language))?.[name] as Table | undefined) ?? english;
}

/** The language that words are drawn in; undefined until they are loaded. */
export function spokenIn(language: string): string | undefined {
  const name = listed(language);
  const words = loaded.get(name);
  return words === undefined ? undefined : ((words && name) ?? defaultLanguage);
}

/** Loads the words of a language that aren't there. Where that fails, English is spoken until it is tried again. */
export async function loadWords(language: string): Promise<void> {
  const name = listed(language);
  if (!name || loaded.get(name)) return;
  try {
    const { words } = await languages[name]!();
    loaded.set(name, words(pluralOf(name)) as Tables);
  } catch (error) {
    loaded.set(name, null);
    throw error;
  }
}
