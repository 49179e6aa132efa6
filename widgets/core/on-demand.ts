/** What an element needs only at times. */
interface Parts {
  accent: Pick<typeof import('./later/accent.ts'), 'accentNames' | 'accentOf'>;
  asking: Pick<typeof import('./later/asking.ts'), 'startAsking'>;
  states: Pick<typeof import('./later/states.ts'), 'drawNothingYet' | 'drawRefusal'>;
}

type Loads = { readonly [Name in keyof Parts]: () => Promise<Parts[Name]> };

const parts: Partial<Parts> = {};
let loads: Loads | undefined;

/** Says how to get what isn't there when it is needed first. */
export function loadOnDemand(all: Loads): void {
  loads = all;
}

/** Has these there before they are needed. */
export function bring(some: Partial<Parts>): void {
  Object.assign(parts, some);
}

/** What is there already. */
export function have<Name extends keyof Parts>(name: Name): Partial<Parts>[Name] {
  return parts[name];
}

/** Rejects without a connection; who needs it next tries again. */
export async function need<Name extends keyof Parts>(name: Name): Promise<Parts[Name]> {
  parts[name] ??= await loads![name]();
  return parts[name]!;
}
