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

/** Digits other than 0 to 9 that a language's readers expect everywhere. */
const digits: Record<string, string> = { bn: 'beng', fa: 'arabext', mr: 'deva' };

/** A language with its calendar and digits: left to itself, one browser takes others than another. */
export function exactLanguage(language: string): string {
  const { baseName, language: name } = new Intl.Locale(language);
  return `${baseName}-u-ca-gregory-nu-${digits[name] ?? 'latn'}`;
}
