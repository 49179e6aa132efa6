import type { Migration } from 'kysely/migration';
import * as start from './0001-start.ts';
import * as hoursAndRanks from './0002-hours-and-ranks.ts';
import * as selfService from './0003-self-service.ts';
import * as quotasAndPauses from './0004-quotas-and-pauses.ts';
import * as server from './0005-server.ts';
import * as orderOverAccounts from './0006-order-over-accounts.ts';
import * as listsInCode from './0007-lists-in-code.ts';
import * as versionsOfSums from './0008-versions-of-sums.ts';
import * as countsAndMonths from './0009-counts-and-months.ts';
import * as accountPieces from './0010-account-pieces.ts';
import * as writing from './0011-writing.ts';
import * as importsEquityTraders from './0012-imports-equity-traders.ts';
import * as webhooks from './0013-webhooks.ts';
import * as observationsByRevision from './0014-observations-by-revision.ts';

/** All migrations of the schema, in order. One that was released is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-start': start,
  '0002-hours-and-ranks': hoursAndRanks,
  '0003-self-service': selfService,
  '0004-quotas-and-pauses': quotasAndPauses,
  '0005-server': server,
  '0006-order-over-accounts': orderOverAccounts,
  '0007-lists-in-code': listsInCode,
  '0008-versions-of-sums': versionsOfSums,
  '0009-counts-and-months': countsAndMonths,
  '0010-account-pieces': accountPieces,
  '0011-writing': writing,
  '0012-imports-equity-traders': importsEquityTraders,
  '0013-webhooks': webhooks,
  '0014-observations-by-revision': observationsByRevision,
};
