/** Where randomness comes from: `count` random bytes. Passed in, so that tests can repeat it. */
export type Random = (count: number) => Buffer;

type Prefix = 'ptr' | 'key' | 'acc';

/** A new id such as `acc_3f9c…`: 80 random bits behind the kind of thing it names. */
export function newId(prefix: Prefix, random: Random): string {
  return `${prefix}_${random(10).toString('hex')}`;
}
