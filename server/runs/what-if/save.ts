// Keeps a variant as a scenario of its own: the original's text with its comments, and in it only what is different. What is different of the
// device makes a profile of its own. Files are checked before they are there for good, and nothing that exists is written over.

import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import { compile } from '../compile/compile.ts';
import { InputProblem, inputProblem, Refusal } from '../files/problem.ts';
import { loadScenario } from '../load.ts';
import { ASKED_FOR, applyChanges, type Change, isFigure, placeOf, stepsIn } from './change.ts';

export interface SaveRequest {
  /** Path of the original's file. */
  readonly scenario: string;
  /** Of the new one; its file comes to lie beside the original's. */
  readonly name: string;
  readonly changes: readonly Change[];
}

/** Profiles of devices that were changed, in the scenarios' folder. */
const DEVICES = 'devices';

/** @returns paths of the files that were written @throws {InputProblem} what cannot be, in which case nothing is left */
export async function saveVariant({ scenario, name, changes }: SaveRequest): Promise<readonly string[]> {
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(name))
    throw new InputProblem(
      `"${name}" is no name for a scenario; take small letters, digits and hyphens, at most 60, such as kitchen-strict`,
    );
  const path = join(dirname(scenario), `${name}.yaml`);
  await refuseExisting(path);
  const loaded = await loadScenario(scenario);
  const { powerProfile, startCharge } = loaded.scenario.value;
  // What cannot be is said in the words of a what-if.
  applyChanges(loaded, changes, powerProfile, startCharge);

  const document = parseDocument(await readFile(scenario, 'utf8'));
  const profile = parseDocument(await readFile(loaded.device.path, 'utf8'));
  const asked = changes.find((change) => change.path === 'powerProfile')?.value;
  const holding = typeof asked === 'string' ? asked : powerProfile;
  let ofDevice = false;
  for (const { path: place, value } of changes) {
    const found = placeOf(place, holding);
    if ('refused' in found) continue;
    if (found.of === 'device') ofDevice = true;
    edit(found.of === 'device' ? profile : document, found.steps, value);
  }
  document.set('title', `${loaded.scenario.value.title}, ${name}`);

  const written: string[] = [];
  try {
    if (ofDevice) {
      // Beside the scenario, which so can be taken elsewhere as a whole.
      const device = join(DEVICES, `${basename(loaded.device.path, '.yaml')}-${name}.yaml`);
      const devicePath = join(dirname(scenario), device);
      await mkdir(dirname(devicePath), { recursive: true });
      await refuseExisting(devicePath);
      profile.set('title', `${loaded.device.value.title}, ${name}`);
      await writeFile(devicePath, textOf(profile), { flag: 'wx' });
      written.push(devicePath);
      document.set('device', `./${device}`);
    }
    // The list of scenarios does not see it before it was checked.
    const partial = `${path}.partial`;
    await writeFile(partial, textOf(document), { flag: 'wx' });
    written.push(partial);
    await check(partial);
    await rename(partial, path);
    written[written.length - 1] = path;
    return written;
  } catch (error) {
    for (const file of written) await rm(file, { force: true });
    throw error;
  }
}

async function refuseExisting(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw new InputProblem(`there is a ${basename(path)} already; take another name`);
}

function edit(document: Document, steps: readonly string[], value: unknown): void {
  const place = stepsIn(document.toJS(), steps);
  if (place === null) throw new InputProblem(`there is no ${steps.join('.')} to change`);
  if (!isFigure(toPlain(document.getIn(place)))) {
    document.setIn(place, value);
    return;
  }
  for (const [key, text] of Object.entries({ value, ...ASKED_FOR })) document.setIn([...place, key], text);
  document.deleteIn([...place, 'range']);
}

/** A node as plain data; scalars are already. */
const toPlain = (node: unknown): unknown =>
  typeof node === 'object' && node !== null && 'toJSON' in node && typeof node.toJSON === 'function'
    ? node.toJSON()
    : node;

const textOf = (document: Document): string => document.toString({ lineWidth: 0, flowCollectionPadding: true });

/** @throws {InputProblem} */
async function check(path: string): Promise<void> {
  const { scenario, device, stages, frontEnd, timetable } = await loadScenario(path);
  try {
    compile({
      device: device.value,
      at: { scenario: scenario.at, device: device.at },
      stages,
      frontEnd,
      powerProfile: scenario.value.powerProfile,
      timetable,
      supply: { kind: 'ideal' },
    });
  } catch (error) {
    if (error instanceof Refusal) throw inputProblem(error.reasons.map(({ reason }) => reason));
    throw error;
  }
}
