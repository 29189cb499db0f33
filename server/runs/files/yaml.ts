// Reads a YAML file against a schema. What does not fit is reported with file, line and place.

import { readFile } from 'node:fs/promises';
import { closest, distance } from 'fastest-levenshtein';
import { isNode, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { inWords } from './in-words.ts';
import { InputProblem, inputProblem, type Places } from './problem.ts';

/** A file that was read, and a way to say where in it something is. */
export interface Source<T> {
  readonly path: string;
  readonly value: T;
  /** The same before it was checked: plain data. */
  readonly raw: unknown;
  /** `file:line: a.b[2]` of a place. */
  readonly at: Places;
}

const LARGEST_FILE = 1_000_000;

/** @throws {InputProblem} one line for everything that does not fit */
export async function readYaml<T>(path: string, schema: z.ZodType<T>): Promise<Source<T>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputProblem(
      error.code === 'ENOENT'
        ? `${path}: there is no such file; check the name, paths count from the current folder`
        : `${path}: cannot be read (${error.message})`,
    );
  });
  return parseYaml(path, text, schema);
}

/** The same with a text already at hand. @param path for messages @throws {InputProblem} */
export function parseYaml<T>(path: string, text: string, schema: z.ZodType<T>): Source<T> {
  if (text.length > LARGEST_FILE)
    throw new InputProblem(`${path}: larger than 1 MB; this is not a profile or a scenario`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineOf = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    throw inputProblem(
      document.errors.map(
        (error) => `${path}:${lineOf(error.pos[0])}: this is not valid YAML: ${error.message}; mend the line`,
      ),
    );
  }
  const at = (...place: ReadonlyArray<string | number>): string => {
    // The nearest place that exists: a missing key is reported at its parent.
    for (let length = place.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(place.slice(0, length), true);
      if (isNode(node) && node.range) return `${path}:${lineOf(node.range[0])}: ${placeName(place)}`;
    }
    return `${path}:1: ${placeName(place)}`;
  };
  const keyLine = (place: readonly PropertyKey[], key: string): number => {
    const parent = place.length === 0 ? document.contents : document.getIn(place, true);
    const pair =
      isNode(parent) && 'items' in parent
        ? (parent as YAMLMap).items.find((item) => String(item.key) === key)
        : undefined;
    const node: unknown = pair?.key;
    return isNode(node) && node.range ? lineOf(node.range[0]) : 1;
  };
  const raw: unknown = document.toJS({ maxAliasCount: 100 });
  /** By place: the keys that there are. */
  const known = new Map<string, readonly string[]>();
  const result = schema.safeParse(raw, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject)
        known.set(placeName(issue.path ?? []), Object.keys(issue.inst.shape));
      return inWords(issue);
    },
  });
  if (result.success) return { path, value: result.data, raw, at };
  const misspelt = new Set<string>();
  const unknownKeys: string[] = [];
  for (const issue of result.error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    for (const key of issue.keys) {
      const meant = meantBy(key, known.get(placeName(issue.path)) ?? []);
      if (meant !== null) misspelt.add(placeName([...issue.path, meant]));
      unknownKeys.push(
        `${path}:${keyLine(issue.path, key)}: ${placeName([...issue.path, key])}: unknown key "${key}"; ${
          meant === null ? 'remove it or mend its spelling' : `did you mean "${meant}"?`
        }`,
      );
    }
  }
  throw inputProblem([
    ...result.error.issues
      // What is only missing because it is misspelt is said once.
      .filter((issue) => issue.code !== 'unrecognized_keys' && !misspelt.has(placeName(issue.path)))
      .map((issue) => `${at(...issue.path.filter((part) => typeof part !== 'symbol'))}: ${issue.message}`),
    ...unknownKeys,
  ]);
}

/** The key that a misspelt one stands for, if one is near: at most half of its letters are off. */
function meantBy(key: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const meant = closest(key, known);
  return distance(key, meant) <= Math.floor(key.length / 2) ? meant : null;
}

function placeName(place: readonly PropertyKey[]): string {
  let name = '';
  for (const part of place) name += typeof part === 'number' ? `[${part}]` : `${name === '' ? '' : '.'}${String(part)}`;
  return name === '' ? 'the file' : name;
}
