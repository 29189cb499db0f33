// `lightsleeper serve`: the server with its dashboard, on this machine.

import { basename, join, resolve } from 'node:path';
import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import { destination, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { buildApp } from './app.ts';
import { projectFolder, projectVersion } from './project.ts';
import type { Catalog } from './runs/catalog/catalog.ts';
import { fileCatalog } from './runs/catalog/catalog-files.ts';
import { InputProblem } from './runs/files/problem.ts';
import { RunManager } from './runs/manager/manager.ts';
import { startRun } from './runs/process/process-client.ts';
import type { Speed } from './runs/views.ts';

export interface ServeOptions {
  /** A scenario to start with: its name, or its file's path in the scenarios folder. */
  readonly scenario?: string | null | undefined;
  /** The address to listen on; other machines reach it only when this says so. */
  readonly host?: string | undefined;
  /** By default the environment's PORT, or 8750. */
  readonly port?: number | undefined;
  /** Of the scenario to start with. */
  readonly speed?: Speed | undefined;
}

const DEFAULT_PORT = 8750;
/** A day passes in 24 minutes: slow enough to follow, fast enough that something happens within seconds. */
const DEFAULT_SPEED = 60;
const CLOSE_MILLISECONDS = 8000;
/** A second signal within this time is the same key press: npm passes on what the terminal has sent already. */
const SAME_SIGNAL_MILLISECONDS = 1000;

/** Serves until a signal ends it; returns when it listens. @throws {InputProblem} when what was asked for is wrong, such as a port in use */
export async function serve(options: ServeOptions = {}): Promise<void> {
  // Fastify would open two servers for "localhost", of which socket.io joins one.
  const host = options.host === undefined || options.host === 'localhost' ? '127.0.0.1' : options.host;
  const port = options.port ?? portFrom(process.env['PORT']);
  const folder = projectFolder();
  const catalog = fileCatalog(folder);
  const scenario = options.scenario == null ? null : await findScenario(catalog, options.scenario);
  const logger = makeLogger();
  const manager = new RunManager({ catalog, startRun, log: (level, run, line) => logger[level]({ run }, line) });
  const version = projectVersion();
  const app = buildApp({ manager, catalog, logger, dashboardFolder: join(folder, 'dist', 'dashboard'), version, host });
  await listen(app, host, port);
  closeOnSignals(app, logger);

  const address = app.server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const url = `http://${shown}:${actualPort}`;
  process.stdout.write(`Lightsleeper is at ${url}\n`);
  if (scenario === null) return;
  const speed = options.speed ?? DEFAULT_SPEED;
  const run = await manager.launch({ scenario, speed });
  const pace = speed === 'max' ? 'at full speed' : `${speed}x`;
  process.stdout.write(`Watch ${run.title} (${pace}): ${url}/runs/${run.id}\n`);
}

/** The name of a scenario of the catalog, given by that or by its file. */
async function findScenario(catalog: Catalog, given: string): Promise<string> {
  const name = basename(given).replace(/\.ya?ml$/, '');
  const path = catalog.scenarioPath(name);
  const scenarios = await catalog.scenarios();
  const scenario = scenarios.find((known) => known.name === name);
  const sameFile = given === name || given === basename(path ?? '') || resolve(given) === path;
  if (path === null || scenario === undefined || !sameFile) {
    const names = scenarios.map((known) => known.name).join(', ') || 'none yet';
    throw new InputProblem(
      `There is no scenario ${given} to serve. Put its file into scenarios/, or take one of: ${names}.`,
    );
  }
  if (scenario.problem !== null) throw new InputProblem(scenario.problem);
  return name;
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE')
      throw new InputProblem(
        `Port ${port} is in use, perhaps by another Lightsleeper. Take another one: --port ${port + 1} (npm start -- --port ${port + 1})`,
      );
    if (code === 'EACCES')
      throw new InputProblem(`Port ${port} needs rights that you do not have. Take one above 1023: --port 8750`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new InputProblem(
        `This machine has no address ${host}. Leave --host out, or give 0.0.0.0 for all of its own.`,
      );
    throw error;
  }
}

function closeOnSignals(app: FastifyInstance, logger: Logger): void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const grace = closeWithGrace({ delay: CLOSE_MILLISECONDS, logger, skip: [...signals] }, async ({ err }) => {
    if (err !== undefined) logger.fatal({ err }, 'the server failed');
    await app.close();
  });
  let signalledAt: number | null = null;
  for (const signal of signals) {
    process.on(signal, () => {
      const now = performance.now();
      if (signalledAt === null) {
        signalledAt = now;
        void grace.close();
      } else if (now - signalledAt > SAME_SIGNAL_MILLISECONDS) process.exit(1);
    });
  }
}

/** Warnings and worse to standard error, where the dashboard's address stays in sight; LOG_LEVEL=info says more. */
function makeLogger(): Logger {
  const level = process.env['LOG_LEVEL'] ?? 'warn';
  if (!['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].includes(level))
    throw new InputProblem(`LOG_LEVEL is ${level}. Take one of: trace, debug, info, warn, error, fatal, silent.`);
  const output = process.stderr.isTTY
    ? pretty({ destination: 2, ignore: 'pid,hostname', singleLine: true })
    : destination(2);
  return pino({ level }, output);
}

function portFrom(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InputProblem(`PORT is ${text}. Give a number from 0 to 65535.`);
  return port;
}
