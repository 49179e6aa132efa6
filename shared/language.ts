/** The language if no other is asked for, or none that can be used. */
export const defaultLanguage = 'en';

/** The languages that widgets have words in. */
export const translatedLanguages = ['ar', 'de', 'en', 'es', 'fr', 'ja', 'pt-BR'] as const;

export type TranslatedLanguage = (typeof translatedLanguages)[number];

/** The first of `preferred` that is the tag (BCP 47) of a usable language, in its canonical form. */
export function chooseLanguage(
  preferred: Iterable<string | null | undefined>,
  isUsable: (locale: Intl.Locale) => boolean,
): string | null {
  for (const tag of preferred) {
    try {
      // Throws on a malformed tag, such as the en-US@posix of some headless browsers.
      const locale = new Intl.Locale(tag!);
      if (isUsable(locale)) return locale.baseName;
    } catch {}
  }
  return null;
}

/** Whether a language is written from right to left. */
export function isRightToLeft(language: string): boolean {
  return /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/.test(language);
}
