import { z } from 'zod';

/**
 * The schemas of fields that many answers have. `means`: what the field says, for the API's
 * document.
 */

/** An amount in the currency that the answer names: a decimal number, not rounded. */
export const money = (means: string) => z.number().describe(means);

/** A number without a unit, or in the one that `means` names. */
export const figure = (means: string) => z.number().describe(means);

export const count = (means: string) => z.int().min(0).describe(means);

/** Epoch ms. */
export const moment = (means: string) => z.int().describe(`${means} In epoch milliseconds.`);

export const text = (means: string) => z.string().describe(means);

export const yesOrNo = (means: string) => z.boolean().describe(means);

/** An id that PropTally made: a prefix for its kind, and random characters. */
export const id = (prefix: string, means: string) =>
  z.string().describe(`${means} Starts with \`${prefix}_\`.`);

/** An opaque text: the place in a list where the next page begins. */
export const cursor = (means: string) => z.string().describe(means);

/** `YYYY-MM-DD` */
export const day = (means: string) => z.iso.date().describe(means);

/** `YYYY-MM` */
export const month = (means: string) =>
  z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .describe(`${means} As YYYY-MM.`);

/** ISO 4217 */
export const currency = (means: string) =>
  z
    .string()
    .regex(/^[A-Z]{3}$/)
    .describe(`${means} ISO 4217.`);

/** A share in per cent. */
export const percent = (means: string) => z.number().describe(`${means} In per cent.`);
