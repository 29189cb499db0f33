// Halves by source: nobody's voice is in both.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealHalves, Undivided } from '../../../server/runs/advise/divide.ts';
import { readSources } from '../../../server/runs/advise/sources.ts';

describe('halves', () => {
  it('should put every source in one half alone, each layer in both, and as even as its sources let it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.integer({ min: 0, max: 1e6 }),
        (layout, seed) => {
          // Layers have sources of their own here: `layer-source` by recording.
          const sources = layout.flatMap((layer, index) => layer.map((source) => `${index}-${source}`));
          let first = 0;
          const layers = layout.map((layer, index) => {
            first += layer.length;
            return { name: `${index}`, recordings: layer.map((_, at) => first - layer.length + at) };
          });
          const alone = layout.some((layer) => new Set(layer).size === 1);
          if (alone) {
            expect(() => dealHalves(layers, sources, seed)).toThrow(Undivided);
            return;
          }
          const confirms = dealHalves(layers, sources, seed);
          for (const [at, source] of sources.entries()) expect(confirms[at]).toBe(confirms[sources.indexOf(source)]);
          for (const { recordings } of layers) {
            const sizes = [0, 0];
            for (const recording of recordings) sizes[confirms[recording] ? 1 : 0]++;
            expect(Math.min(...sizes)).toBeGreaterThan(0);
            const largest = Math.max(
              ...recordings.map((one) => recordings.filter((other) => sources[other] === sources[one]).length),
            );
            expect(Math.abs(sizes[0] - sizes[1])).toBeLessThanOrEqual(largest);
          }
        },
      ),
    );
  });

  it('should keep a source in its half where it sounds in two layers', () => {
    const sources = ['a', 'b', 'c', 'd', 'a', 'b', 'e'];
    const confirms = dealHalves(
      [
        { name: 'one', recordings: [0, 1, 2, 3] },
        { name: 'two', recordings: [4, 5, 6] },
      ],
      sources,
      1,
    );
    expect([confirms[4], confirms[5]]).toEqual([confirms[0], confirms[1]]);
  });
});

describe('sources.csv', () => {
  const inFolder = (text: string | null, use: (path: string) => void) => {
    const folder = mkdtempSync(join(tmpdir(), 'lightsleeper-'));
    try {
      if (text !== null) writeFileSync(join(folder, 'sources.csv'), text);
      use(join(folder, 'day.yaml'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const recordings = ['talk/a.wav', 'talk/b.wav'].map((path) => ({ path, place: '' }));

  it('should say whose each recording is, from above it too', () => {
    inFolder('file,source\ntalk/a.wav,Ann\ntalk/b.wav,Ann\n', (path) =>
      expect(readSources({ path, recordings })).toEqual({ of: ['Ann', 'Ann'], unnamed: 0 }),
    );
  });

  it('should take each recording for its own source where there is none', () => {
    inFolder(null, (path) =>
      expect(readSources({ path, recordings })).toEqual({ of: ['talk/a.wav', 'talk/b.wav'], unnamed: 2 }),
    );
  });

  it('should name the source of every recording that ships', () => {
    const path = fileURLToPath(new URL('../../../scenarios/day.yaml', import.meta.url));
    const folder = join(dirname(path), 'recordings');
    const shipped = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(flac|csv|png|jpg)$/.test(file),
    );
    const files = shipped.filter((file) => file !== 'sources.csv');
    expect(files.length).toBeGreaterThan(130);
    const recordings = files.map((file) => ({ path: `recordings/${file}`, place: '' }));
    expect(readSources({ path, recordings }).unnamed).toBe(0);
  });

  it('should say which recording it leaves out and which line says nothing', () => {
    inFolder('file,source\ntalk/a.wav,Ann\ntalk/b.wav\n', (path) =>
      expect(() => readSources({ path, recordings })).toThrow(
        /sources\.csv:3: "talk\/b\.wav" is not of the form file,source\n.*no line for talk\/b\.wav/,
      ),
    );
  });
});
