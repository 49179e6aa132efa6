import { chooseLanguage, defaultLanguage } from '../../shared/language.ts';

/**
 * Those in which every browser writes numbers and dates, so that a shell says the same before and
 * after its script. Chromium brings the fewest.
 */
const known = new Set(
  'af am ar bg bn ca cs da de el en es et fa fi fil fr gu he hi hr hu id it ja kn ko lt lv ml mr ms nb nl no pl pt ro ru sk sl sr sv sw ta te th tr uk ur vi zh'.split(
    ' ',
  ),
);

/** How much is read of what a visitor speaks; browsers name three or four. */
const most = { characters: 500, languages: 10 };

/** The visitor's first language that numbers and dates can be written in, BCP 47: of an Accept-Language. */
export function visitorLanguage(accepted = ''): string {
  const wishes = accepted
    .slice(0, most.characters)
    .split(',', most.languages)
    .map(readWish)
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight);
  return chooseKnown(wishes.map(({ tag }) => tag)) ?? defaultLanguage;
}

function readWish(text: string): { tag: string; weight: number } {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim());
  const weight = parameters.find((parameter) => /^q=/i.test(parameter));
  return { tag, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
}

/** Intl goes over what it is given many times; the longest tag that anybody uses has this many characters. */
const languageTag = /^[a-z\d-]{1,35}$/i;

function chooseKnown(tags: readonly string[]): string | null {
  return chooseLanguage(
    tags.filter((tag) => languageTag.test(tag)),
    ({ language }) => known.has(language),
  );
}

/** A language tag in its canonical form, or null when it is none or of an unknown language. */
export function knownLanguage(tag: string): string | null {
  return chooseKnown([tag]);
}

const zoneName = /^[\w+\-/:]{1,64}$/;

/** Whether clock times can be told in a time zone. */
export function isKnownZone(zone: string): boolean {
  if (!zoneName.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
