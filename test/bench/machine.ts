// What it was measured on, and with.

import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../../server/project.ts';

const versionOf = (name: string): string =>
  String(JSON.parse(readFileSync(join(projectFolder(), 'node_modules', name, 'package.json'), 'utf8')).version);

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly gigabytes: number;
  readonly platform: string;
  /** Processes that want a core, over the last minute: above 0.5 or so, times on the clock say little. */
  readonly load: number;
  readonly engines: Readonly<Record<string, string>>;
}

export const machine = (): Machine => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  gigabytes: Math.round(totalmem() / 2 ** 30),
  platform: `${platform()} ${arch()}`,
  load: loadavg()[0],
  engines: {
    node: process.versions.node,
    v8: process.versions.v8,
    'onnxruntime-node': versionOf('onnxruntime-node'),
    assemblyscript: versionOf('assemblyscript'),
  },
});
