import { chooseLanguage, defaultLanguage } from '../../shared/language.ts';

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
