// `lightsleeper placements`: the day with each stage left out or on another core.

import { type Command, Option } from 'commander';
import { json } from './json.ts';
import { quantityOption, requestOf, type SimulationOptions, simulationOptions as simulation } from './options.ts';
import { placementsPage, printPlacements } from './print-placements.ts';
import { ProgressLine } from './progress-line.ts';
import { stoppable } from './stoppable.ts';

interface PlacementsOptions extends Omit<SimulationOptions, 'startSoc'> {
  readonly maxLatency?: number;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** @param argv as the page says that it was made */
export function addPlacements(program: Command, argv: readonly string[]): void {
  program
    .command('placements')
    .description('compare placements: the day with each stage left out or on another core')
    .argument('<scenario>', 'path of a scenario, e.g. scenarios/kitchen-day.yaml')
    .addOption(simulation.duration())
    .addOption(simulation.seed())
    .addOption(simulation.powerProfile())
    .addOption(simulation.threads())
    .option(
      '--max-latency <time>',
      'within which 95 % of the detections are to come, e.g. 400ms',
      quantityOption('time'),
    )
    .addOption(new Option('--json', 'print one JSON object').conflicts('markdown'))
    .addOption(new Option('--markdown', 'print a page, such as docs/placement/kitchen-day.md'))
    .action(async (scenario: string, options: PlacementsOptions) => {
      const progress = new ProgressLine(process.stderr);
      const { studyPlacements } = await import('../runs/placements/study.ts');
      const { maxLatency } = options;
      const request = { ...requestOf(scenario, options), ...(maxLatency === undefined ? {} : { maxLatency }) };
      const study = await stoppable(progress, 'stopped: no placement is compared', (stop) =>
        studyPlacements(request, (step, share) => progress.step(step, share), stop),
      );
      if (study === null) return;
      const page = () => placementsPage(study, `npx lightsleeper ${argv.join(' ')}`);
      process.stdout.write(options.json ? json(study) : options.markdown ? page() : printPlacements(study));
    });
}
