/** Code that an element needs only at times, by what it is for. */
interface Parts {
  accent: Pick<typeof import('./lazy/accent.ts'), 'accentNames' | 'accentOf'>;
  controller: Pick<typeof import('./lazy/answer-controller.ts'), 'createAnswerController'>;
  states: Pick<typeof import('./lazy/states.ts'), 'drawNothingYet' | 'drawRefusal'>;
}

type Provided = { [Name in keyof Parts]: Parts[Name] | (() => Promise<Parts[Name]>) };

const parts: Partial<Provided> = {};

/** Registers parts: each as it is, or as a function that loads it when it is first needed. */
export function provide(some: Partial<Provided>): void {
  Object.assign(parts, some);
}

/** A part that is loaded; undefined as long as it isn't. */
export function loaded<Name extends keyof Parts>(name: Name): Parts[Name] | undefined {
  const part = parts[name];
  return typeof part === 'function' ? undefined : (part as Parts[Name] | undefined);
}

/** Rejects without a connection; the next call tries again. */
export async function load<Name extends keyof Parts>(name: Name): Promise<Parts[Name]> {
  const part = parts[name];
  if (typeof part === 'function') provide({ [name]: await part() });
  return loaded(name)!;
}
