// `lightsleeper serve`: the dashboard and the API.

import type { Command } from 'commander';
import type { ServeOptions } from '../main.ts';
import { speedOption, wholeNumber } from './options.ts';

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('serve the dashboard and the API')
    .argument('[scenario]', 'a scenario to start at once, e.g. scenarios/kitchen-day.yaml')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on (default: PORT of the environment, or 8750)', wholeNumber(0, 65_535))
    .option('--speed <factor>', 'simulated seconds per second, 1 to 10000, or max', speedOption, 60)
    .action(async (scenario: string | undefined, options: Omit<ServeOptions, 'scenario'>) => {
      // Fastify and socket.io are only loaded by those who need them.
      const { serve } = await import('../main.ts');
      await serve({ ...options, ...(scenario === undefined ? {} : { scenario }) });
    });
}
