import { isRightToLeft } from '../../shared/language.ts';
import { exactLanguage } from './language.ts';

/** Writes figures in one language and currency. Amounts are decimal numbers as on the wire. */
export interface Formats {
  /** With its digits and calendar. */
  language: string;
  /** Of clock times; undefined: the machine's own. */
  zone: string | undefined;
  /** `$3,847.50`, `−$791.25` */
  money(amount: number): string;
  /** `+$3,847.50`, `−$791.25`, `$0.00` */
  gain(amount: number): string;
  /** `$8,540`: without cents. */
  whole(amount: number): string;
  /** `+$8,540`: without cents. */
  wholeGain(amount: number): string;
  /** `+$3.85K`: three digits and a short unit; `+3.848 $` where that is shorter, or has no unit. */
  shortGain(amount: number): string;
  /** `+3.8K`: two digits, where another figure names the currency. */
  tinyGain(amount: number): string;
  /** `$2K`: for axes, with the currency's narrowest sign. */
  axis(amount: number): string;
  /** `1,204`; `2.5` */
  count(count: number): string;
  /** `1.82`; an infinite ratio is `∞`. */
  ratio(ratio: number | null): string;
  /** Takes per cent: 58.5 is `58.5%`. */
  percent(percent: number): string;
  /** `Fri, Nov 6` */
  weekday(day: string): string;
  /** `14:05` of a moment in epoch ms, in the given zone, else the visitor's. */
  time(time: number): string;
}

/** A time zone, if it is one that this browser knows. */
export function knownZone(name: string | null | undefined): string | undefined {
  if (!name) return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return undefined;
  }
}

const cache = new Map<string, Formats>();

/** Making formatters is slow: those of a language and currency are cached, and each is made on first use. */
export function formatsOf(language: string, currency: string, zone?: string): Formats {
  const name = `${language} ${currency} ${zone}`;
  const cached = cache.get(name);
  if (cached) return cached;
  // On a server the language is from an address that anybody can write.
  if (cache.size > 99) cache.clear();
  const formats = makeFormats(
    exactLanguage(language),
    /^[a-z]{3}$/i.test(currency) ? currency : 'XXX',
    zone,
  );
  cache.set(name, formats);
  return formats;
}

function makeFormats(language: string, currency: string, zone: string | undefined): Formats {
  const number = (options: Intl.NumberFormatOptions) => numberWriter(language, options);
  const date = (options: Intl.DateTimeFormatOptions) => dateWriter(language, options);
  const money = { style: 'currency', currency } as const;
  const bare = { signDisplay: 'exceptZero' } as const;
  const gain = { ...money, ...bare };
  const three = {
    minimumSignificantDigits: 3,
    maximumSignificantDigits: 3,
    trailingZeroDisplay: 'stripIfInteger',
  } as const;
  const utc = { timeZone: 'UTC' } as const;
  const wholeGain = number({ ...gain, maximumFractionDigits: 0 });
  const ratio = number({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const percent = number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return {
    language,
    zone,
    money: number(money),
    gain: number(gain),
    whole: number({ ...money, maximumFractionDigits: 0 }),
    wholeGain,
    shortGain: shortWriter(language, gain, three),
    tinyGain: shortWriter(language, bare),
    axis: shortWriter(language, { ...money, currencyDisplay: 'narrowSymbol' }, three),
    count: number({}),
    ratio: (value) => (value === null ? '∞' : ratio(value)),
    percent: (value) => percent(value / 100),
    weekday: date({ ...utc, weekday: 'short', month: 'short', day: 'numeric' }),
    time: date({ timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  };
}

/** Makes further formatters, once for each formats: making them is slow. */
export function perFormats<Made>(make: (formats: Formats) => Made): (formats: Formats) => Made {
  const cache = new WeakMap<Formats, Made>();
  return (formats) => {
    const made = cache.get(formats) ?? make(formats);
    cache.set(formats, made);
    return made;
  };
}

/** Writes numbers in a language, with a typographic minus. What rounds to zero has no sign. */
export function numberWriter(language: string, options: Intl.NumberFormatOptions) {
  const mirrored = isRightToLeft(language);
  let format: Intl.NumberFormat | undefined;
  return (value: number): string => {
    format ??= new Intl.NumberFormat(language, { signDisplay: 'negative', ...options });
    const text = mirrored ? isolate(format.formatToParts(value)) : format.format(value);
    return text.replace('-', '−');
  };
}

/**
 * The same with the language's short units, as in `3.85K`, but whole where the language has none for an
 * amount, or a unit that takes more room than the digits it saves.
 */
function shortWriter(
  language: string,
  options: Intl.NumberFormatOptions,
  precision: Intl.NumberFormatOptions = {},
) {
  const short = numberWriter(language, { ...options, ...precision, notation: 'compact' });
  const whole = numberWriter(language, { ...options, maximumFractionDigits: 0 });
  const digits = (text: string) => text.replace(/\P{Nd}/gu, '').length;
  return (value: number): string => {
    const [one, other] = [short(value), whole(value)];
    const saved = digits(other) - digits(one);
    return saved > 4 || (saved > 0 && one.length < other.length) ? one : other;
  };
}

/** Writes moments in a language: epoch ms, or a `YYYY-MM-DD` day. */
export function dateWriter(language: string, options: Intl.DateTimeFormatOptions) {
  let format: Intl.DateTimeFormat | undefined;
  return (time: number | string): string => {
    format ??= new Intl.DateTimeFormat(language, options);
    return format.format(new Date(time));
  };
}

/** Isolates a figure, and the currency's sign in it, from words of the other direction around it. */
function isolate(parts: Intl.NumberFormatPart[]): string {
  const text = parts.map(({ type, value }) =>
    type === 'currency' ? `\u2066${value}\u2069` : value,
  );
  return `\u2068${text.join('')}\u2069`;
}
