// The published schemas: what an editor checks a file against is what the program reads.
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonSchemas } from '../../../server/runs/files/json-schema.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const schemas = jsonSchemas();

function problemsOf(path: string, text: string): readonly string[] {
  const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(schemas[path] ?? ''));
  validate(parse(text));
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

describe('the published JSON Schemas', () => {
  it.each(Object.keys(schemas))('should be current: %s (npx lightsleeper schema writes them)', (path) => {
    expect(read(path)).toBe(schemas[path]);
  });

  it.each(
    Object.keys(schemas).flatMap((schema) => {
      const folder = schema.slice(0, schema.indexOf('/'));
      return readdirSync(new URL(folder, root))
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => [schema, `${folder}/${file}`] as const);
    }),
  )('should take every shipped file, and those that people write should name it: %s, %s', (schema, file) => {
    if (!read(file).startsWith('# Made by'))
      expect(read(file)).toMatch(`# yaml-language-server: $schema=./${schema.slice(schema.indexOf('/') + 1)}\n`);
    expect(problemsOf(schema, read(file))).toEqual([]);
  });

  it('should find a wrong unit, a bare number, an unknown key and a missing one', () => {
    const scenario = read('scenarios/kitchen-day.yaml')
      .replace('duration: 24 h', 'duration: 24 parsecs')
      .replace('noiseFloor: -62 dB', 'noiseFloor: -62')
      .replace('detect: computer', 'detekt: computer');
    expect(problemsOf('scenarios/scenario.schema.json', scenario)).toEqual([
      ' required',
      ' additionalProperties',
      '/duration pattern',
      '/streams/0/noiseFloor type',
    ]);
  });
});
