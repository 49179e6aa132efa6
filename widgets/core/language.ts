import { defaultLanguage } from '../../shared/language.ts';
import { type Plural, pluralOf } from './plural.ts';

/** Digits other than 0 to 9 that a language's readers expect everywhere. */
const digits: Record<string, string> = { bn: 'beng', fa: 'arabext', mr: 'deva' };

/** A language with its calendar and digits, for which browsers have different defaults. */
export function exactLanguage(language: string): string {
  const { baseName, language: name } = new Intl.Locale(language);
  return `${baseName}-u-ca-gregory-nu-${digits[name] ?? 'latn'}`;
}

/** All words of a language: a table for each widget and part, by its name. */
export interface Vocabulary {
  readonly language: string;
  readonly tables: Readonly<Record<string, unknown>>;
}

/** Without tables: the English words are next to the code that shows them. */
export const english: Vocabulary = { language: defaultLanguage, tables: {} };

/** Made from what the file of a language exports: a function of the plural rules. */
export function vocabularyOf(
  language: string,
  { words }: { words(plural: Plural): object },
): Vocabulary {
  return { language, tables: words(pluralOf(language)) as Vocabulary['tables'] };
}

/** The languages (BCP 47) that a script can use. */
interface Languages {
  /** Chooses the language of figures. */
  choose(...preferred: (string | null | undefined)[]): string;
  /** Undefined until it is loaded. */
  vocabularyOf(language: string): Vocabulary | undefined;
  /** Loads a vocabulary; tells whether it is another than before. */
  load(language: string): Promise<boolean>;
}

/** By default those of a shell: the server has chosen, and the words come with the shell. */
export const languages: Languages = {
  choose: (...preferred) => preferred.find(Boolean) ?? defaultLanguage,
  vocabularyOf: () => english,
  load: async () => false,
};

export function setLanguages(some: Partial<Languages>): void {
  Object.assign(languages, some);
}

/** The words of the table `name` in the language of formats; the English `table` where there are no others. */
export function inLanguage<Table>(
  name: string,
  table: Table,
): (formats: { readonly language: string }) => Table {
  return ({ language }) =>
    (languages.vocabularyOf(language)?.tables[name] as Table | undefined) ?? table;
}
