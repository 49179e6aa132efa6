import { type Plugin, parseSync } from 'vite';
import { minifyMarkup, minifyStyles } from '../core/minify.ts';

/**
 * Takes the white space out of html, svg and css templates; `unstyled` leaves no style at all (null
 * for each css template), because a shell's still has brought it.
 */
export function shortenTemplates(unstyled: boolean): Plugin {
  return {
    name: 'shorten-templates',
    enforce: 'pre',
    transform: {
      filter: { id: /\/widgets\/.*\.ts$/ },
      handler(code, id) {
        const parts: TemplatePart[] = [];
        collect(parseSync(id, code).program, unstyled, parts);
        let short = code;
        // From the end, so that places before a cut stay where they are.
        for (const { start, end, raw, css } of parts.sort(
          (one, other) => other.start - one.start,
        )) {
          const text =
            raw === null
              ? 'null'
              : short
                  .slice(start, end)
                  .replace(raw, () => (css ? minifyStyles(raw) : minifyMarkup(raw)));
          short = short.slice(0, start) + text + short.slice(end);
        }
        return { code: short, map: null };
      },
    },
  };
}

interface TemplatePart {
  start: number;
  end: number;
  /** Null: a whole template that is left out. */
  raw: string | null;
  css: boolean;
}

interface Tagged {
  type: string;
  start: number;
  end: number;
  tag: { name: string };
  quasi: { quasis: { start: number; end: number; value: { raw: string } }[] };
}

function collect(node: object, unstyled: boolean, parts: TemplatePart[]): void {
  const { type, tag, quasi, start, end } = node as Tagged;
  if (type === 'TaggedTemplateExpression' && unstyled && tag.name === 'css') {
    parts.push({ start, end, raw: null, css: true });
    return;
  }
  if (type === 'TaggedTemplateExpression' && ['html', 'svg', 'css'].includes(tag.name))
    for (const { start, end, value } of quasi.quasis)
      parts.push({ start, end, raw: value.raw, css: tag.name === 'css' });
  for (const child of Object.values(node))
    if (child && typeof child === 'object') collect(child, unstyled, parts);
}
