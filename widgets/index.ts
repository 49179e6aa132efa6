import { define } from './core/define.ts';
import { elements } from './elements.ts';
// Loaded with the rest, for what a first picture may need, and what an offline page could not load.
import './core/later/accent.ts';
import './core/print.ts';

export type { WidgetAnswer } from '../shared/answers/widgets.ts';
export type { Selection } from './core/element.ts';
export { type PageCredential, setCredential } from './core/later/page.ts';
export type { Refusal } from './core/refusal.ts';
export { elements } from './elements.ts';

for (const [name, element] of Object.entries(elements)) define(`pt-${name}`, element);
