// What compute alone would save with other cores in front: the parts before the last on one of them, the last part on the application core.
import { joulesPerMac } from '../../runs/compile/work.ts';
import type { Confidence } from '../../runs/files/schema.ts';
import { leastTrusted } from '../../runs/report/confidence.ts';
import { readProfile } from './device.ts';
import { computeEnergy } from './energy.ts';
import type { Figures } from './measure.ts';

export interface FirstCore {
  readonly profile: string;
  readonly part: string;
  readonly joulesPerMac: number;
  /** How far its power and throughput are to be trusted, and whose they are. */
  readonly confidence: Confidence;
}

interface Wanted {
  readonly profile: string;
  readonly powerProfile: string;
  readonly core: string;
}

/** What all gains of this kind are counted against. */
const APPLICATION: Wanted = { profile: 'pocket-assistant', powerProfile: 'balanced', core: 'app' };
/** By falling energy of a MAC. */
const FIRST: readonly Wanted[] = [
  { profile: 'pocket-assistant', powerProfile: 'balanced', core: 'dsp' },
  { profile: 'ndp9120', powerProfile: 'streaming', core: 'core' },
  { profile: 'gap9', powerProfile: 'streaming', core: 'core' },
];

export interface ComputeCores {
  readonly application: FirstCore;
  readonly first: readonly FirstCore[];
  /** Of the link from a first core to the application core. */
  readonly joulesPerByte: number;
}

export async function readCores(): Promise<ComputeCores> {
  const { value } = await readProfile(APPLICATION.profile);
  const link = value.links.find(({ from, to }) => from === FIRST[0].core && to === APPLICATION.core);
  return {
    application: await readCore(APPLICATION),
    first: await Promise.all(FIRST.map(readCore)),
    joulesPerByte: link?.energyPerByte.value ?? 0,
  };
}

async function readCore({ profile, powerProfile, core }: Wanted): Promise<FirstCore> {
  const { value } = await readProfile(profile);
  const own = value.cores.find(({ name }) => name === core);
  const wanted = value.powerProfiles.find(({ name }) => name === powerProfile)?.cores[core]?.operatingPoint;
  const point = own?.operatingPoints.find(({ name }) => name === wanted);
  if (own === undefined || point === undefined)
    throw new Error(`the device profile ${profile} has no core ${core} in ${powerProfile}`);
  return {
    profile,
    part: own.part,
    joulesPerMac: joulesPerMac(point),
    confidence: leastTrusted(point.activePower, point.throughput.conv),
  };
}

/** A cascade as compute sees it. */
export interface ComputeCascade {
  /** MAC by part, and of the network without gates. */
  readonly macs: readonly number[];
  readonly wholeMacs: number;
  readonly gates: Figures['gates'];
  /** By cut. */
  readonly bytes: readonly number[];
}

/** How many times less energy a window takes than the network without gates on the application core. */
export function computeGain(
  { macs, wholeMacs, gates, bytes }: ComputeCascade,
  first: FirstCore,
  { application, joulesPerByte }: ComputeCores,
  positiveRate: number,
): number {
  const cores = macs.map((_, part) => (part === macs.length - 1 ? 'application' : 'first'));
  const perMac = { first: first.joulesPerMac, application: application.joulesPerMac };
  const figures = { perMac, perByte: () => joulesPerByte };
  return (wholeMacs * application.joulesPerMac) / computeEnergy(macs, cores, { gates, bytes }, positiveRate, figures);
}

/** What the gain cannot pass: the first part runs for every window, even when it stops them all. */
export const gainBound = (
  { macs, wholeMacs }: ComputeCascade,
  first: FirstCore,
  { application }: ComputeCores,
): number => (wholeMacs * application.joulesPerMac) / (macs[0] * first.joulesPerMac);
