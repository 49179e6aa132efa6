/** Control, format, bidi, private and unassigned characters, halves of pairs, other ends of a line, and what stands for something unreadable. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}\ufffd]/u;
/** What can be seen by itself: no space, no mark alone, and none of the letters that are drawn as nothing. */
const visible = /[^\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether a text is one line that a person can read as it is, whoever wrote it. */
export function isPrintable(text: string): boolean {
  return !unprintable.test(text) && visible.test(text);
}

/** Whether a text could be taken for an e-mail address, also by whoever sees no difference between `@` and its other forms. */
export function hasAtSign(text: string): boolean {
  return text.normalize('NFKC').includes('@');
}
