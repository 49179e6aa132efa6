/** The forms of a word, by the categories of Intl.PluralRules. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Chooses the form that goes with a count. */
export type Plural = (count: number, forms: Forms) => string;

/** By the rules of a language. */
export function pluralOf(language: string): Plural {
  let rules: Intl.PluralRules | undefined;
  return (count, forms) => {
    rules ??= new Intl.PluralRules(language);
    return forms[rules.select(count)] ?? forms.other;
  };
}

export const englishPlural = pluralOf('en');
