import { z } from 'zod';
import { allowances, tierIncludes } from '../../shared/access.ts';
import { type DashboardAnswer, dashboardAnswer } from '../../shared/answers/partner.ts';
import { utcDay } from '../../shared/day.ts';
import { widgetNames, widgets } from '../../shared/widgets.ts';
import { tokensQuota } from '../access/caller.ts';
import { action } from '../route.ts';
import type { Queries } from '../store/database.ts';
import { listKeys } from '../store/keys.ts';
import type { Partner } from '../store/partners.ts';
import { readAdmittedOfDay, readUsage } from '../store/usage.ts';
import { presentKey } from './keys.ts';

const days = 30;

export const dashboard = action({
  name: 'readDashboard',
  method: 'GET',
  path: '/api/partner/dashboard',
  summary: 'Reads the partner, its keys and their usage, and what its tier allows.',
  query: z.object({}),
  answers: { 200: { means: 'The dashboard.', schema: dashboardAnswer } },
  refusals: {},
  act: async ({ caller, now, services: { database, flushUsage } }) => {
    await flushUsage();
    return { status: 200, body: await readDashboard(database.read, caller.partner, now) };
  },
});

/** The dashboard of a partner. Usage that is still in memory is not included. */
export async function readDashboard(
  database: Queries,
  partner: Partner,
  now: number,
): Promise<DashboardAnswer> {
  const { id, name, email, tier, billing_status, created_at } = partner;
  const { dailyRequests, features } = allowances[tier];
  const today = utcDay(now);
  const keys = await listKeys(database, id, now);
  const requests = await readAdmittedOfDay(database, id, today);
  return {
    partner: { id, name, contact_email: email, tier, billing_status, created_at },
    keys: keys.map((key) => ({
      ...presentKey(key, now),
      rate_limit_daily: dailyRequests,
      requests_today: requests.get(key.root_id ?? key.id) ?? 0,
    })),
    tokens: {
      rate_limit_daily: dailyRequests,
      requests_today: requests.get(tokensQuota) ?? 0,
    },
    usage: await readUsage(database, id, today - days + 1),
    limits: {
      daily_requests: dailyRequests,
      embed_widgets: widgetNames.filter((widget) => tierIncludes(tier, widgets[widget].tier)),
      features: [...features],
    },
  };
}
