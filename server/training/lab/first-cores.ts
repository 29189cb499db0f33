// What compute alone would save with other cores in front: the parts before the last on one of them, the last part on the application core.
import { joulesPerMac } from '../../runs/compile/work.ts';
import type { Confidence } from '../../runs/files/schema.ts';
import { leastTrusted } from '../../runs/report/confidence.ts';
import { readProfile } from './device.ts';
import { computeEnergy } from './energy.ts';
import { type Estimate, type Figures, intervalOf } from './measure.ts';

export interface ComputeCore {
  readonly profile: string;
  readonly part: string;
  readonly joulesPerMac: number;
  /** Of its power and throughput, the less trusted. */
  readonly confidence: Confidence;
}

interface Wanted {
  readonly profile: string;
  readonly powerProfile: string;
  readonly core: string;
}

const APPLICATION: Wanted = { profile: 'pocket-assistant', powerProfile: 'balanced', core: 'app' };
/** By falling energy of a MAC. */
const FIRST: readonly Wanted[] = [
  { profile: 'pocket-assistant', powerProfile: 'balanced', core: 'dsp' },
  { profile: 'ndp9120', powerProfile: 'streaming', core: 'core' },
  { profile: 'gap9', powerProfile: 'streaming', core: 'core' },
];

export interface ComputeCores {
  /** What all gains of this kind are counted against. */
  readonly application: ComputeCore;
  readonly first: readonly ComputeCore[];
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

async function readCore({ profile, powerProfile, core }: Wanted): Promise<ComputeCore> {
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
  first: ComputeCore,
  { application, joulesPerByte }: ComputeCores,
  positiveRate: number,
): number {
  const cores = macs.map((_, part) => (part === macs.length - 1 ? 'application' : 'first'));
  const perMac = { first: first.joulesPerMac, application: application.joulesPerMac };
  const figures = { perMac, perByte: () => joulesPerByte };
  return (wholeMacs * application.joulesPerMac) / computeEnergy(macs, cores, { gates, bytes }, positiveRate, figures);
}

/** @param drawn the gates as other subjects, recordings or pictures would have them */
export const gainEstimate = (
  cascade: ComputeCascade,
  drawn: readonly Figures['gates'][],
  first: ComputeCore,
  cores: ComputeCores,
  positiveRate: number,
): Estimate => ({
  value: computeGain(cascade, first, cores, positiveRate),
  interval: intervalOf(drawn.map((gates) => computeGain({ ...cascade, gates }, first, cores, positiveRate))),
});

/** What the gain cannot pass: the first part runs for every window, even when it stops them all. */
export const gainBound = (
  { macs, wholeMacs }: ComputeCascade,
  first: ComputeCore,
  { application }: ComputeCores,
): number => (wholeMacs * application.joulesPerMac) / (macs[0] * first.joulesPerMac);
