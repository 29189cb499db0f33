import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../server/bin.js', import.meta.url));

const train = (target: string, data: string) =>
  spawnSync(process.execPath, [program, 'train', target], {
    encoding: 'utf8',
    env: { ...process.env, LIGHTSLEEPER_DATA: data },
  });

describe('lightsleeper train', () => {
  it.each([
    ['an unknown target', 'keywords', tmpdir(), /"keywords"; say one of activity, keyword, verify, all/],
    ['recordings that are not there', 'report', tmpdir(), /no recordings to train with in .*set LIGHTSLEEPER_DATA/],
  ])('should answer %s with exit code 2 and a sentence', (_, target, data, sentence) => {
    const { status, stdout, stderr } = train(target, data);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});
