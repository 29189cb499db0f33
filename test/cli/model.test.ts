// A model of one's own, from its file alone to a run: its card written by the command, the scenario run with it.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, ended, startCommand } from './command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightsleeper-'));
  cpSync(join(root, 'scenarios/models/keyword.onnx'), join(folder, 'mine.onnx'));
  cpSync(join(root, 'scenarios/models/keyword.float.onnx'), join(folder, 'mine.float.onnx'));
  cpSync(join(root, 'scenarios/recordings/computer'), join(folder, 'computer'), { recursive: true });
  writeFileSync(
    join(folder, 'day.yaml'),
    readFileSync(join(root, 'scenarios/kitchen-day.yaml'), 'utf8')
      .replace(/ {4}background:\n.*\n/, '')
      .replace(/.*label: (speech|household).*\n/g, '')
      .replace('recordings/computer/*', 'computer/*')
      .replace(
        /cascade:\n[\s\S]*seed/,
        'cascade:\n  - { stage: mine, model: mine.onnx, core: mcu, gate: { threshold: 0.5 } }\nseed',
      ),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const lightsleeper = (...argv: string[]): Promise<Ended> => ended(startCommand(folder, ...argv));

describe('lightsleeper model card', () => {
  it('should make a stage of an ONNX file: what it costs, where it fits, and a run', async () => {
    const before = await lightsleeper('run', 'day.yaml', '--duration', '1s');
    expect(before).toMatchObject({ code: 2, out: '' });
    expect(before.err).toMatch(
      /^day\.yaml:\d+: cascade\[0\]\.model: .*mine\.json: there is no such model card; write one with/,
    );

    const made = await lightsleeper(
      'model',
      'card',
      'mine.onnx',
      '--front-end',
      'log-mel',
      '--device',
      'pocket-assistant',
    );
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toMatch(
      /^mine\.json: written for mine, int8\nWindow {4}50 frames of 40 values = 1\.00 s, one every 20\.0 ms/,
    );
    expect(made.out).toMatch(/^dsp +does not fit: weights are short of [\d.]+ kB in dsp-sram$/m);
    expect(made.out).toMatch(/^mcu +fits: weights in mcu-flash, activations in mcu-sram$/m);
    const shipped = JSON.parse(readFileSync(join(root, 'scenarios/models/keyword.json'), 'utf8'));
    const { frontEnd, frames, precision, sha256 } = shipped;
    expect(JSON.parse(readFileSync(join(folder, 'mine.json'), 'utf8'))).toMatchObject({
      frontEnd,
      frames,
      precision,
      sha256,
    });

    const run = await lightsleeper('run', 'day.yaml', '--duration', '10min', '--no-baseline', '--json');
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(run.out).stages[0]).toMatchObject({ name: 'mine', windowsIn: 30_000 });
  });

  it('should say in one line why it makes none', async () => {
    const there = await lightsleeper('model', 'card', 'mine.onnx', '--front-end', 'log-mel');
    expect(there).toMatchObject({
      code: 2,
      out: '',
      err: 'mine.json: there is a card already; --force writes over it\n',
    });
    writeFileSync(join(folder, 'none.onnx'), 'nothing');
    const none = await lightsleeper('model', 'card', 'none.onnx', '--front-end', 'log-mel');
    expect(none).toMatchObject({ code: 2, out: '', err: 'none.onnx: These bytes are no ONNX model.\n' });
    const spec = {
      kind: 'motion',
      sampleRate: 50,
      channels: 3,
      hopSamples: 7,
      scale: Array(3).fill({ offset: 0, factor: 1 }),
    };
    writeFileSync(join(folder, 'motion.json'), JSON.stringify(spec));
    const other = await lightsleeper('model', 'card', 'mine.onnx', '--front-end', 'motion.json', '--force');
    expect(other).toMatchObject({ code: 2, out: '' });
    expect(other.err).toBe(
      'mine.onnx: Its input of 50 × 40 values is no whole number of frames: one of this motion front end has 21 values.\n',
    );
  });
});
