import { LRUCache } from 'lru-cache';
import { chooseLanguage, defaultLanguage } from '../../shared/language.ts';

/**
 * The languages in which every browser can write numbers and dates. Only with these a shell shows
 * the same before and after its script. Chromium has the fewest.
 */
const known = new Set(
  'af am ar bg bn ca cs da de el en es et fa fi fil fr gu he hi hr hu id it ja kn ko lt lv ml mr ms nb nl no pl pt ro ru sk sl sr sv sw ta te th tr uk ur vi zh'.split(
    ' ',
  ),
);

/** How much of an Accept-Language header is read. Browsers send three or four languages. */
const most = { characters: 500, languages: 10 };

/**
 * The preferred language by Accept-Language header. Browsers send the same few headers, and parsing
 * one takes longer than the rest of an answer from memory.
 */
const preferred = new LRUCache<string, string>({ max: 1_000 });

/**
 * The visitor's preferred language among the known ones, a BCP 47 tag. `accepted`: an
 * Accept-Language header.
 */
export function visitorLanguage(accepted = ''): string {
  // A long header is never remembered, as anyone may send any.
  if (accepted.length > most.characters) return preferredLanguage(accepted);
  let language = preferred.get(accepted);
  if (language === undefined) {
    language = preferredLanguage(accepted);
    preferred.set(accepted, language);
  }
  return language;
}

function preferredLanguage(accepted: string): string {
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

/**
 * Limits the length of a tag, as Intl reads its input many times. No tag in use has more
 * characters.
 */
const languageTag = /^[a-z\d-]{1,35}$/i;

function chooseKnown(tags: readonly string[]): string | null {
  return chooseLanguage(
    tags.filter((tag) => languageTag.test(tag)),
    ({ language }) => known.has(language),
  );
}

/** A language tag in its canonical form; null when it is invalid, or its language is unknown. */
export function knownLanguage(tag: string): string | null {
  return chooseKnown([tag]);
}

const zoneName = /^[\w+\-/:]{1,64}$/;

/** Whether Intl can write clock times in a time zone. */
export function isKnownZone(zone: string): boolean {
  if (!zoneName.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
