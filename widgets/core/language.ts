/** The language when nobody names a usable one. */
export const defaultLanguage = 'en-US';

/** The first of `wishes` that is a language tag browsers can format in, else {@link defaultLanguage}. */
export function chooseLanguage(...wishes: (string | null | undefined)[]): string {
  for (const wish of wishes) {
    try {
      // Throws on a malformed tag, among them the en-US@posix of some headless browsers.
      const [supported] = Intl.NumberFormat.supportedLocalesOf(wish ?? []);
      if (supported) return supported;
    } catch {}
  }
  return defaultLanguage;
}

/** Whether a language is written from right to left. */
export function isRightToLeft(language: string): boolean {
  return /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/.test(language);
}
