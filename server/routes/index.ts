import type { Route } from '../route.ts';
import { addressAddition, addressList, addressRemoval } from './addresses.ts';
import { audit } from './audit.ts';
import {
  linkConfirmation,
  linkFollowing,
  magicLink,
  sessionEnding,
  sessionOpening,
  sessionStatus,
} from './auth.ts';
import { brandingChange, brandingReading } from './branding.ts';
import { dashboard } from './dashboard.ts';
import { embedTokenCreation, embedTokenRevocation } from './embed-tokens.ts';
import {
  keyChange,
  keyCreation,
  keyList,
  keyRevocation,
  keyRevocationByQuery,
  keyRoll,
} from './keys.ts';
import { openApi } from './openapi.ts';
import { originsChange, originsReading } from './origins.ts';
import { questions } from './questions.ts';
import { settingsChange, settingsReading } from './settings.ts';

const ofResources: readonly Route[] = [
  ...questions,
  dashboard,
  keyList,
  keyCreation,
  keyChange,
  keyRoll,
  keyRevocation,
  keyRevocationByQuery,
  brandingReading,
  brandingChange,
  originsReading,
  originsChange,
  settingsReading,
  settingsChange,
  embedTokenCreation,
  embedTokenRevocation,
  addressList,
  addressAddition,
  addressRemoval,
  audit,
  magicLink,
  linkFollowing,
  linkConfirmation,
  sessionStatus,
  sessionOpening,
  sessionEnding,
];

const described = openApi(ofResources);

/** Every route of the API, the one of its document included. */
export const routes: readonly Route[] = [...ofResources, described.route];
export const { document } = described;
