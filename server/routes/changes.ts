import type { Change } from '../route.ts';
import {
  accountChange,
  accountClosing,
  accountCreation,
  accountErasure,
  accountReopening,
  accountReset,
} from './account-writing.ts';
import { addressAddition, addressRemoval } from './addresses.ts';
import { brandingChange } from './branding.ts';
import { embedTokenCreation, embedTokenRevocation } from './embed-tokens.ts';
import { importUndoing } from './imports.ts';
import { keyChange, keyCreation, keyRevocation, keyRevocationByQuery, keyRoll } from './keys.ts';
import { loginLinkCreation, traderSessionsEnding } from './login-links.ts';
import { observationSending } from './observations.ts';
import { originsChange } from './origins.ts';
import { settingsChange } from './settings.ts';
import {
  tradeChange,
  tradeChanges,
  tradeRemoval,
  tradeRemovals,
  tradeRemovalsByPost,
  tradeReplacement,
  tradeSending,
} from './trade-writing.ts';
import { userChange, userCreation, userErasure } from './user-writing.ts';
import { deliveryReplay, rangeReplay } from './webhook-deliveries.ts';
import {
  overlapEnding,
  secretRotation,
  webhookChange,
  webhookCreation,
  webhookDeletion,
  webhookDeletionByQuery,
} from './webhooks.ts';

/** The routes that change something: the thread that writes finds them by their names. */
export const changes: readonly Change[] = [
  keyCreation,
  keyChange,
  keyRoll,
  keyRevocation,
  keyRevocationByQuery,
  brandingChange,
  originsChange,
  settingsChange,
  embedTokenCreation,
  embedTokenRevocation,
  addressAddition,
  addressRemoval,
  userCreation,
  userChange,
  userErasure,
  loginLinkCreation,
  traderSessionsEnding,
  accountCreation,
  accountChange,
  accountClosing,
  accountReopening,
  accountReset,
  accountErasure,
  importUndoing,
  tradeSending,
  tradeReplacement,
  tradeChange,
  tradeRemoval,
  tradeChanges,
  tradeRemovals,
  tradeRemovalsByPost,
  observationSending,
  webhookCreation,
  webhookChange,
  webhookDeletion,
  webhookDeletionByQuery,
  secretRotation,
  overlapEnding,
  deliveryReplay,
  rangeReplay,
];
