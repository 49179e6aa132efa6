import type { Change } from '../route.ts';
import { addressAddition, addressRemoval } from './addresses.ts';
import { brandingChange } from './branding.ts';
import { embedTokenCreation, embedTokenRevocation } from './embed-tokens.ts';
import { keyChange, keyCreation, keyRevocation, keyRevocationByQuery, keyRoll } from './keys.ts';
import { originsChange } from './origins.ts';
import { settingsChange } from './settings.ts';

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
];
