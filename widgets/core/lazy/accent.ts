/** The custom properties that an accent sets, each to a value for both themes. */
export const accentNames = ['--accent', '--accent-mark', '--curve', '--pill'] as const;
export type AccentProperties = Readonly<Record<(typeof accentNames)[number], string>>;

type Rgb = readonly [number, number, number];

const surfaces = { light: [255, 255, 255], dark: [17, 19, 23] } as const;

/**
 * The accent of a card: a colour of six hex digits, with or without #, mended to a contrast of 3:1
 * for marks and 4.5:1 for text on either theme's surface. Null for anything else.
 */
export function accentOf(text: string | null | undefined): AccentProperties | null {
  const digits = text?.replace(/^#/, '').toLowerCase();
  if (!digits || !/^[0-9a-f]{6}$/.test(digits)) return null;
  const rgb = [0, 2, 4].map((at) =>
    Number.parseInt(digits.slice(at, at + 2), 16),
  ) as unknown as Rgb;
  const both = (ratio: number) =>
    `light-dark(${write(mend(rgb, 'light', ratio))},${write(mend(rgb, 'dark', ratio))})`;
  const [forText, forMarks] = [both(4.5), both(3)];
  return {
    '--accent': forText,
    '--accent-mark': forMarks,
    '--curve': forMarks,
    '--pill': forText,
  };
}

function mend(rgb: Rgb, theme: 'light' | 'dark', ratio: number): Rgb {
  const towards = theme === 'light' ? 0 : 255;
  let mended = rgb;
  while (contrast(mended, surfaces[theme]) < ratio)
    mended = mended.map((part) => part + (towards - part) * 0.04) as unknown as Rgb;
  return mended;
}

/** WCAG 2 contrast, from 1 to 21. */
function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (high! + 0.05) / (low! + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) =>
    part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function write(rgb: Rgb): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}
