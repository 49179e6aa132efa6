// Before Lit is run.
import './core/window-names.ts';

import { define } from './core/define.ts';
import './core/all-languages.ts';
import { elements } from './elements.ts';
import './core/print.ts';

export type { WidgetAnswer } from '../shared/answers/widgets.ts';
export type { Selection } from './core/events.ts';
export { type PageCredential, setCredential } from './core/lazy/credential.ts';
export type { Refusal } from './core/refusal.ts';
export { elements } from './elements.ts';

for (const [name, element] of Object.entries(elements)) define(`pt-${name}`, element);
