import { takeOver } from '../core/take-over.ts';
import { StatsCard } from './stats-card.ts';

takeOver(StatsCard);
