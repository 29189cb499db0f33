// The gate lab: thresholds that can be defended, and the models whose gates they are.

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { followSearches, loadModels } from '../../store/lab.ts';
import { Models } from './models.tsx';
import { Searches } from './searches.tsx';

export function LabPage({ chosen }: { chosen: string | null }): JSX.Element {
  useEffect(() => {
    void loadModels();
    return followSearches();
  }, []);
  return (
    <div class="lab">
      <header class="lead">
        <h1>Gate lab</h1>
        <p class="second">Which thresholds can be defended, what they cost, and how good the models behind them are.</p>
      </header>
      <Searches />
      <Models chosen={chosen} />
    </div>
  );
}
