import { z } from 'zod';
import { type SettingsAnswer, settingsAnswer } from '../../shared/answers/partner.ts';
import { formatDayStart } from '../../shared/trading-day.ts';
import { dayStart, dayZone } from '../fields.ts';
import { currency } from '../query.ts';
import { action, change } from '../route.ts';
import type { Queries } from '../store/database.ts';
import { changePartner, type Partner } from '../store/partners.ts';
import { changeDays, findRemaking, refuseOtherCurrency } from '../store/settings.ts';

const path = '/api/partner/settings';

const settings = { means: 'The settings as they are now.', schema: settingsAnswer };

export const settingsReading = action({
  name: 'readSettings',
  method: 'GET',
  path,
  summary: 'Reads when the partner’s trading days begin, and its currency.',
  query: z.object({}),
  answers: { 200: settings },
  refusals: {},
  act: async ({ caller: { partner }, services: { database } }) => ({
    status: 200,
    body: await answerOf(database.read, partner),
  }),
});

export const settingsChange = change({
  name: 'changeSettings',
  method: 'PATCH',
  path,
  summary: 'Changes the settings that are sent. A new trading day takes effect once all is summed.',
  isPersonal: true,
  query: z.object({}),
  body: z.strictObject({
    day_zone: dayZone.optional(),
    day_start: dayStart.optional(),
    currency: currency
      .optional()
      .describe('The currency of aggregates, ISO 4217. No account may have another one.'),
  }),
  answers: { 200: settings },
  refusals: { 400: ['other_currency'] },
  change: async ({ body, transaction, handle, caller: { partner }, actor, now }) => {
    if (Object.keys(body).length === 0) {
      return { status: 200, body: await answerOf(transaction, partner) };
    }
    const { day_zone, day_start, currency } = body;
    if (currency) await refuseOtherCurrency(transaction, partner.id, currency);
    const details = {
      ...body,
      ...(day_start !== undefined && { day_start: formatDayStart(day_start) }),
    };
    const act = { action: 'settings.changed', details } as const;
    const changes = currency ? { currency } : {};
    const current = (await changePartner(transaction, partner.id, changes, act, actor, now))!;
    await changeDays(handle, transaction, current, {
      ...(day_zone !== undefined && { zone: day_zone }),
      ...(day_start !== undefined && { start: day_start }),
    });
    return { status: 200, body: await answerOf(transaction, current) };
  },
});

async function answerOf(database: Queries, partner: Partner): Promise<SettingsAnswer> {
  const remaking = await findRemaking(database, partner.id);
  return {
    ...presentDays(partner),
    currency: partner.currency,
    changing: remaking ? presentDays(remaking) : null,
  };
}

function presentDays({ day_zone, day_start }: Pick<Partner, 'day_zone' | 'day_start'>) {
  return { day_zone, day_start: formatDayStart(day_start) };
}
