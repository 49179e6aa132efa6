import { takeOver } from '../core/take-over.ts';
import { EquityCurve } from './equity-curve.ts';

takeOver(EquityCurve);
