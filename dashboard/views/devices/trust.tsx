// How well the figures of a device are known, at a glance.

import type { JSX } from 'preact';
import type { FigureView } from '../../../server/runs/views.ts';
import { count } from '../../format/quantity.ts';

export type Trust = FigureView['confidence'];
/** The least trusted first. */
export const TRUST = ['estimated', 'derived', 'datasheet', 'measured'] as const satisfies readonly Trust[];
export const trustName: Readonly<Record<Trust, string>> = {
  estimated: 'estimated',
  derived: 'derived',
  datasheet: 'data sheet',
  measured: 'measured',
};

export const countOf = (figures: readonly FigureView[], trust: Trust): number =>
  figures.filter(({ confidence }) => confidence === trust).length;

export function TrustBar({ figures }: { figures: readonly FigureView[] }): JSX.Element {
  const shares = TRUST.map((trust) => ({ trust, count: countOf(figures, trust) })).filter(({ count }) => count > 0);
  return (
    <div class="trust">
      <div class="trust-bar" aria-hidden="true">
        {shares.map((share) => (
          <i key={share.trust} data-trust={share.trust} style={{ flexGrow: share.count }} />
        ))}
      </div>
      <p class="second">
        {count(figures.length)} figures:{' '}
        {shares.map((share, index) => (
          <span key={share.trust}>
            {index > 0 && ', '}
            <i class="swatch" data-trust={share.trust} /> {count(share.count)} {trustName[share.trust]} (
            {Math.round((share.count / figures.length) * 100)} %)
          </span>
        ))}
      </p>
    </div>
  );
}
