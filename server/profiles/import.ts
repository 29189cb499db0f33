// Power states and operating points of a built Zephyr devicetree, into a device profile. What it does not hold stays unset, and a run refuses it.

import { type Document, isMap, isSeq, parseDocument, type YAMLMap, YAMLSeq } from 'yaml';
import { InputProblem } from '../runs/files/problem.ts';
import { everyNode, isCompatible, numberOf, parseDevicetree, type TreeNode, textOf } from './devicetree.ts';

interface Located {
  readonly value: number;
  readonly line: number;
}

export interface ImportedState {
  readonly name: string;
  readonly line: number;
  readonly exitMicroseconds: Located | null;
  readonly residencyMicroseconds: Located | null;
}

export interface ImportedPoint {
  readonly hertz: Located;
  readonly microvolts: Located | null;
}

export interface Imported {
  readonly path: string;
  readonly cpu: string;
  readonly states: readonly ImportedState[];
  readonly points: readonly ImportedPoint[];
  /** What a person should know of it. */
  readonly notes: readonly string[];
}

/** @throws {InputProblem} with file and line */
export function readPowerStates(path: string, text: string): Imported {
  const nodes = [...everyNode(parseDevicetree(path, text))];
  const enabled = (node: TreeNode) => textOf(node, 'status') !== 'disabled';
  const declared = nodes.filter((node) => isCompatible(node, 'zephyr,power-state'));
  const cpu = nodes.find((node) => textOf(node, 'device_type') === 'cpu' || node.properties.has('cpu-power-states'));
  const listed = cpu?.properties
    .get('cpu-power-states')
    ?.values.flatMap((value) => (value.kind === 'cells' ? value.cells : value.kind === 'reference' ? [value] : []))
    .flatMap((cell) => (typeof cell === 'number' ? [] : [cell.label]));
  const named = (label: string) =>
    declared.find(({ labels, name }) => labels.includes(label) || label.endsWith(`/${name}`));
  const missing = listed?.find((label) => named(label) === undefined);
  if (missing !== undefined)
    throw new InputProblem(
      `${path}:${cpu?.properties.get('cpu-power-states')?.line}: cpu-power-states names &${missing}, and no node of that label is compatible with "zephyr,power-state"`,
    );
  const found = (listed?.map(named) ?? declared).filter((node) => node !== undefined && enabled(node));
  if (found.length === 0)
    throw new InputProblem(
      `${path}:${cpu?.line ?? 1}: no power states: no enabled node is compatible with "zephyr,power-state"; take build/zephyr/zephyr.dts of a board that has them, or write powerStates by hand`,
    );
  const states = found.flatMap((node): readonly ImportedState[] =>
    node === undefined
      ? []
      : [
          {
            name: node.labels[0] ?? node.name,
            line: node.line,
            exitMicroseconds: numberOf(node, 'exit-latency-us'),
            residencyMicroseconds: numberOf(node, 'min-residency-us'),
          },
        ],
  );
  const points = readPoints(path, nodes);
  return { path, cpu: cpu?.name ?? 'cpu', states, points, notes: notesOn(path, states) };
}

function readPoints(path: string, nodes: readonly TreeNode[]): readonly ImportedPoint[] {
  const table = nodes.find((node) => isCompatible(node, 'operating-points-v2'));
  if (table === undefined) return [];
  const points = table.children.flatMap((node): readonly ImportedPoint[] => {
    const hertz = numberOf(node, 'opp-hz');
    return hertz === null ? [] : [{ hertz, microvolts: numberOf(node, 'opp-microvolt') }];
  });
  for (const [index, { hertz }] of points.entries()) {
    const before = points[index - 1]?.hertz.value ?? 0;
    if (hertz.value <= before)
      throw new InputProblem(
        `${path}:${hertz.line}: operating points are not sorted: ${hertz.value / 1e6} MHz comes after ${before / 1e6} MHz; write them by rising clock`,
      );
  }
  return points;
}

/** Zephyr reads both values separately, and nothing there checks that they grow with depth. */
function notesOn(path: string, states: readonly ImportedState[]): readonly string[] {
  return states.flatMap(({ name, line, exitMicroseconds, residencyMicroseconds }, index) => {
    const before = states[index - 1];
    const notes: string[] = [];
    if (before !== undefined && (residencyMicroseconds?.value ?? 0) <= (before.residencyMicroseconds?.value ?? -1))
      notes.push(`${path}:${line}: ${name} is deeper than ${before.name} and has no longer minimum residency`);
    if (before !== undefined && (exitMicroseconds?.value ?? 0) < (before.exitMicroseconds?.value ?? 0))
      notes.push(`${path}:${line}: ${name} is deeper than ${before.name} and has a shorter exit latency`);
    if (exitMicroseconds === null) notes.push(`${path}:${line}: ${name} has no exit-latency-us; give its exitLatency`);
    return notes;
  });
}

const UNSET = ' not in the devicetree: give it, with its source';

/** A profile's text with the states merged into one of its cores: known states get the devicetree's times, new ones are added with their powers unset. */
export function importOnto(imported: Imported, profilePath: string, profileText: string, wanted?: string): string {
  const document = parseDocument(profileText);
  const [error] = document.errors;
  if (error !== undefined)
    throw new InputProblem(`${profilePath}: this is not valid YAML: ${error.message}; mend it first`);
  const cores = document.get('cores');
  const maps = isSeq(cores) ? cores.items.filter((item): item is YAMLMap => isMap(item)) : [];
  const names = maps.map((core) => String(core.get('name')));
  const at = wanted === undefined ? (maps.length === 1 ? 0 : -1) : names.indexOf(wanted);
  if (at < 0)
    throw new InputProblem(
      `${profilePath}: ${wanted === undefined ? 'which core is meant?' : `there is no core "${wanted}";`} give --core with one of ${names.join(', ')}`,
    );
  mergeStates(document, maps[at], imported);
  return document.toString({ lineWidth: 0 });
}

/** The same as a fragment of a profile, for a core that is not written yet. */
export function importFragment(imported: Imported): string {
  const document = parseDocument('cores:\n  - name: core\n');
  document.commentBefore = ` From ${imported.path}. A devicetree holds no powers: give each, with its source, before a run.`;
  const cores = document.get('cores');
  const [core] = isSeq(cores) ? cores.items : [];
  if (!isMap(core)) throw new Error('the fragment has no core');
  core.set('name', nameOf(imported.cpu));
  if (imported.points.length > 0)
    core.set(
      'operatingPoints',
      document.createNode(
        imported.points.map(({ hertz, microvolts }) => ({
          name: `${hertz.value / 1e6}MHz`.replace('.', '-'),
          clock: `${hertz.value / 1e6} MHz`,
          ...(microvolts === null ? {} : { voltage: `${microvolts.value / 1e6} V` }),
          activePower: null,
          throughput: null,
          overheadPerInference: null,
          overheadPerLayer: null,
        })),
      ),
    );
  mergeStates(document, core, imported);
  return document.toString({ lineWidth: 0 });
}

function mergeStates(document: Document, core: YAMLMap, imported: Imported): void {
  const present = core.get('powerStates');
  const states = isSeq(present) ? present : new YAMLSeq(document.schema);
  if (states !== present) core.set('powerStates', states);
  for (const state of imported.states) {
    const name = nameOf(state.name);
    let map = states.items.find((item): item is YAMLMap => isMap(item) && item.get('name') === name);
    if (map === undefined) {
      const node = document.createNode({ name });
      if (!isMap(node)) throw new Error('a state is a map');
      for (const key of ['power', 'entryLatency', 'exitLatency', 'live', 'wakeSources', 'retains'])
        unset(document, node, key);
      states.items.splice(depthOf(states, imported, state), 0, node);
      map = node;
    }
    for (const [key, property, time] of [
      ['exitLatency', 'exit-latency-us', state.exitMicroseconds],
      ['minResidency', 'min-residency-us', state.residencyMicroseconds],
    ] as const)
      if (time !== null)
        map.set(
          key,
          document.createNode(
            {
              value: `${time.value} us`,
              source: `${imported.path}:${time.line}, ${property} of ${state.name}`,
              confidence: 'datasheet',
            },
            { flow: true },
          ),
        );
  }
}

/** Before the first deeper state of the devicetree that the profile has already; at the end when there is none. */
function depthOf(states: YAMLSeq, { states: all }: Imported, state: ImportedState): number {
  const deeper = new Set(all.slice(all.indexOf(state) + 1).map(({ name }) => nameOf(name)));
  const at = states.items.findIndex((item) => isMap(item) && deeper.has(String(item.get('name'))));
  return at < 0 ? states.items.length : at;
}

const nameOf = (label: string): string => label.replace(/[^a-zA-Z0-9-]/g, '-');

function unset(document: Document, map: YAMLMap, key: string): void {
  const nothing = document.createNode(null);
  nothing.comment = UNSET;
  map.set(key, nothing);
}
