import type { Context } from 'koa';

/** The language used where the visitor names none that numbers can be written in. */
const fallback = 'en';

/** The visitor's first language that numbers and dates can be written in, BCP 47. */
export function chooseLanguage(context: Context): string {
  for (const tag of context.acceptsLanguages()) {
    const known = knownLanguage(tag);
    if (known) return known;
  }
  return fallback;
}

/** A language tag in its canonical form, or null when it is none or an unknown one. */
export function knownLanguage(tag: string): string | null {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag)[0] ?? null;
  } catch {
    return null;
  }
}

/** Whether clock times can be told in a time zone. */
export function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
