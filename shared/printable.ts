/** Control, format, bidi, private and unassigned characters, lone surrogates, line and paragraph separators, and the replacement character. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}\ufffd]/u;
/** A character that is visible by itself: no space, no combining mark, and no letter that is drawn as nothing. */
const visible = /[^\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether a text is a single line that people can read, even if its author means to mislead them. */
export function isPrintable(text: string): boolean {
  return !unprintable.test(text) && visible.test(text);
}

/** The same of a text of any number of lines, of which some may be empty. Tabs are allowed, too. */
export function areLinesPrintable(text: string): boolean {
  return !unprintable.test(text.replace(/[\n\t]/g, '')) && visible.test(text);
}

/** Whether a text could be taken for an e-mail address, also by a look-alike of `@`. */
export function hasAtSign(text: string): boolean {
  return text.normalize('NFKC').includes('@');
}
