import type { Context } from 'koa';

/** The language used where the visitor names none that numbers can be written in. */
const fallback = 'en';

/**
 * Those in which every browser writes numbers and dates, so that a shell says the same before and
 * after its script. Chromium brings the fewest.
 */
const known = new Set(
  'af am ar bg bn ca cs da de el en es et fa fi fil fr gu he hi hr hu id it ja kn ko lt lv ml mr ms nb nl no pl pt ro ru sk sl sr sv sw ta te th tr uk ur vi zh'.split(
    ' ',
  ),
);

/** The visitor's first language that numbers and dates can be written in, BCP 47. */
export function chooseLanguage(context: Context): string {
  for (const tag of context.acceptsLanguages()) {
    const language = knownLanguage(tag);
    if (language) return language;
  }
  return fallback;
}

/** A language tag in its canonical form, or null when it is none or of an unknown language. */
export function knownLanguage(tag: string): string | null {
  try {
    const { baseName, language } = new Intl.Locale(tag);
    return known.has(language) ? baseName : null;
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
