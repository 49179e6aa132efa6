/** The language where nobody names a usable one. */
export const defaultLanguage = 'en';

/** The first of `wishes` that is a language tag (BCP 47) of a usable language, in its canonical form. */
export function chooseLanguage(
  wishes: Iterable<string | null | undefined>,
  isUsable: (locale: Intl.Locale) => boolean,
): string | null {
  for (const wish of wishes) {
    try {
      // Throws on a malformed tag, among them the en-US@posix of some headless browsers.
      const locale = new Intl.Locale(wish!);
      if (isUsable(locale)) return locale.baseName;
    } catch {}
  }
  return null;
}

/** Whether a language is written from right to left. */
export function isRightToLeft(language: string): boolean {
  return /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/.test(language);
}
