import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileCatalog } from '../../../server/runs/catalog/catalog-files.ts';

const catalog = fileCatalog();

describe('the recordings of a scenario', () => {
  it('should be found by the place that detections name', async () => {
    const path = await catalog.recordingPath('kitchen-day', 'recordings/computer/computer-01.flac');
    expect(path !== null && existsSync(path)).toBe(true);
  });

  it.each([
    ['kitchen-day', 'recordings/README.md'],
    ['kitchen-day', 'models/activity.onnx'],
    ['kitchen-day', 'kitchen-day.yaml'],
    ['kitchen-day', 'recordings/computer/../computer/computer-01.flac'],
    ['kitchen-day', '/recordings/computer/computer-01.flac'],
    ['no-such-day', 'recordings/computer/computer-01.flac'],
    ['../scenarios/kitchen-day', 'recordings/computer/computer-01.flac'],
  ])('should be nothing else: %s %s', async (scenario, recording) => {
    expect(await catalog.recordingPath(scenario, recording)).toBeNull();
  });
});
