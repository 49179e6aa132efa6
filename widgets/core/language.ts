import { defaultLanguage } from '../../shared/language.ts';
import { type Plural, pluralOf } from './plural.ts';

/** Digits other than 0 to 9 that a language's readers expect everywhere. */
const digits: Record<string, string> = { bn: 'beng', fa: 'arabext', mr: 'deva' };

/** A language with its calendar and digits: left to itself, one browser takes others than another. */
export function exactLanguage(language: string): string {
  const { baseName, language: name } = new Intl.Locale(language);
  return `${baseName}-u-ca-gregory-nu-${digits[name] ?? 'latn'}`;
}

/** All that is said in a language: tables of words by their names. */
export interface Vocabulary {
  readonly language: string;
  readonly tables: Readonly<Record<string, unknown>>;
}

/** English words stand beside what says them. */
export const english: Vocabulary = { language: defaultLanguage, tables: {} };

/** From what the file of a language exports: words that choose their plurals themselves. */
export function vocabularyOf(
  language: string,
  { words }: { words(plural: Plural): object },
): Vocabulary {
  return { language, tables: words(pluralOf(language)) as Vocabulary['tables'] };
}

/** How a script comes to a language (BCP 47) and its words. */
interface Speech {
  /** The language that figures are written in. */
  choose(...wishes: (string | null | undefined)[]): string;
  /** What is said in it; undefined until that is there. */
  spokenIn(language: string): Vocabulary | undefined;
  /** Gets that, and tells whether it is another than before. */
  learn(language: string): Promise<boolean>;
}

/** At first that of a shell: its server has chosen, and it draws when the words are there. */
export const speech: Speech = {
  choose: (...wishes) => wishes.find(Boolean) ?? defaultLanguage,
  spokenIn: () => english,
  learn: async () => false,
};

/** Says what is otherwise. */
export function speak(some: Partial<Speech>): void {
  Object.assign(speech, some);
}

/** What a table says in the language of formats: English words where there are no others. */
export function inLanguage<Table>(
  name: string,
  table: Table,
): (formats: { readonly language: string }) => Table {
  return ({ language }) => (speech.spokenIn(language)?.tables[name] as Table | undefined) ?? table;
}
