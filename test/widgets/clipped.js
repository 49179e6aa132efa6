/** Names may end in an ellipsis: figures, heads and other words never. */
const names = 'bdi, h2, footer';

/**
 * The visible texts that extend beyond the card's padding, are cut, overlap, or are shown beside the
 * longer text that they are short for.
 */
export function clipped(element) {
  const root = element.shadowRoot;
  const card = root.querySelector('section').getBoundingClientRect();
  const found = [];
  const shown = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    const text = node.data.trim();
    if (!text || parent.closest('style, .visually-hidden, .tip, .more, .scale > i')) continue;
    if (!parent.checkVisibility({ visibilityProperty: true })) continue;
    const box = letterBoxOf(node);
    const { seen, isCut } = seenOf(box, parent);
    const longer = longerOf(parent);
    if (longer) {
      if (seen) found.push(`${text} is shown beside ${longer.textContent.trim()}`);
      continue;
    }
    if (isCut) found.push(`${text} is cut`);
    if (!seen) continue;
    // The main figure is moved outwards by 2 px; glyphs may extend half a pixel beyond their box.
    const [left, right] = root.querySelector('[dir]') ? [15.5, 13.5] : [13.5, 15.5];
    const isOut = seen.left < card.left + left || seen.right > card.right - right;
    if (isOut) found.push(`${text} is outside`);
    shown.push({ text, isLabel: parent.closest('th, .dates') !== null, ...seen });
  }
  for (const [index, one] of shown.entries())
    for (const other of shown.slice(index + 1)) {
      const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      // Headers and dates that touch would be read as one word.
      const gap = one.isLabel && other.isLabel ? 3 : -1.5;
      // Line boxes may overlap by the space that fonts leave above and below letters.
      if (width > -gap && height > 5.5) found.push(`${one.text} overlaps ${other.text}`);
    }
  return found;
}

function boxOf(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  return range.getBoundingClientRect();
}

/** The box of a text; of letters that extend beyond their line, as Arabic ones may, the part within it. */
function letterBoxOf(node) {
  const box = boxOf(node);
  if (!/\p{Script=Arabic}/u.test(node.data)) return box;
  const { left, right, top, bottom, height } = box;
  const over =
    Math.max(0, height - Number.parseFloat(getComputedStyle(node.parentElement).lineHeight)) / 2;
  return { left, right, top: top + over, bottom: bottom - over };
}

/** The longer text that is shown in place of a shorter one, if there is room for it. */
function longerOf(parent) {
  for (
    let short = parent.closest('.fit > i');
    short;
    short = short.parentElement.closest('.fit > i')
  ) {
    const long = short.nextElementSibling;
    if (getComputedStyle(long).display !== 'none' && isInLine(boxOf(long), short.parentElement))
      return long;
  }
  return null;
}

/** A longer text without room wraps out of its line. */
function isInLine({ top, bottom }, fit) {
  return (top + bottom) / 2 < fit.getBoundingClientRect().bottom;
}

/** The visible part of a text, and whether some of it is cut that should be visible. */
function seenOf(box, parent) {
  const { left, right, top, bottom } = box;
  const seen = { left, right, top, bottom };
  let isCut = false;
  for (let around = parent; around; around = around.parentElement) {
    const { overflowX, overflowY, textOverflow, clipPath } = getComputedStyle(around);
    if (clipPath === 'inset(50%)') return {};
    if (overflowX === 'visible' && overflowY === 'visible') continue;
    const edge = around.getBoundingClientRect();
    if (around.classList.contains('fit') && !isInLine(box, around)) return {};
    const mayBeCut = textOverflow === 'ellipsis' && parent.closest(names);
    if (!mayBeCut && (seen.left < edge.left - 1 || seen.right > edge.right + 1)) isCut = true;
    if (around.localName === 'section' && (seen.top < edge.top || seen.bottom > edge.bottom))
      isCut = true;
    seen.left = Math.max(seen.left, edge.left);
    seen.right = Math.min(seen.right, edge.right);
    seen.top = Math.max(seen.top, edge.top);
    seen.bottom = Math.min(seen.bottom, edge.bottom);
  }
  if (seen.right - seen.left < 1 || seen.bottom - seen.top < 1) return { isCut };
  return { seen, isCut };
}
