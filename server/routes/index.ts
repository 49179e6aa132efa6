import type { Route } from '../route.ts';
import { addressList } from './addresses.ts';
import { audit } from './audit.ts';
import {
  linkConfirmation,
  linkFollowing,
  magicLink,
  sessionEnding,
  sessionOpening,
  sessionStatus,
} from './auth.ts';
import { brandingReading } from './branding.ts';
import { changes } from './changes.ts';
import { dashboard } from './dashboard.ts';
import { fileImport } from './imports.ts';
import { keyList } from './keys.ts';
import { openApi } from './openapi.ts';
import { originsReading } from './origins.ts';
import { questions } from './questions.ts';
import { settingsReading } from './settings.ts';
import { stream } from './stream.ts';
import { traderLinkOpening, traderLinkShowing, traderPage, traderSigningOut } from './trader.ts';
import { tradesCsv } from './trades-csv.ts';
import { deliveryList, webhookTest } from './webhook-deliveries.ts';
import { webhookList, webhookReading } from './webhooks.ts';

const ofResources: readonly Route[] = [
  ...questions,
  ...changes,
  stream,
  tradesCsv,
  dashboard,
  keyList,
  brandingReading,
  originsReading,
  settingsReading,
  addressList,
  audit,
  fileImport,
  webhookList,
  webhookReading,
  webhookTest,
  deliveryList,
  magicLink,
  linkFollowing,
  linkConfirmation,
  sessionStatus,
  sessionOpening,
  sessionEnding,
  traderPage,
  traderSigningOut,
  traderLinkShowing,
  traderLinkOpening,
];

const described = openApi(ofResources);

/** Every route of the API, the one of its document included. */
export const routes: readonly Route[] = [...ofResources, described.route];
export const { document } = described;
