// The thresholds as a person uses them: options of a what-if, and lines for the scenario's file.

import { stringify } from 'yaml';
import { z } from 'zod';
import type { LoadedScenario } from '../load.ts';

const writtenCascade = z.object({
  cascade: z.array(z.looseObject({ gate: z.looseObject({}) })),
});

/** `--set cascade.keyword.threshold=0.6 …` */
export const whatIfOptions = (stages: readonly string[], thresholds: readonly number[]): string =>
  stages.map((stage, index) => `--set cascade.${stage}.threshold=${thresholds[index]}`).join(' ');

/** The scenario's cascade with these thresholds, a line a stage. Strict gates are left out: they are then the same, as they were when these were chosen. */
export function cascadeLines({ scenario }: LoadedScenario, thresholds: readonly number[]): readonly string[] {
  const { cascade } = writtenCascade.parse(scenario.raw);
  return cascade.map(({ gate, ...stage }, index) => {
    const { strict, ...rest } = gate;
    const written = stringify(
      { ...stage, gate: { ...rest, threshold: thresholds[index] } },
      { collectionStyle: 'flow', lineWidth: 0 },
    );
    return `- ${written.trim()}`;
  });
}
