// Every way to put a cascade, or part of it, on the cores of a device.

/** One stage of a variant: which of the scenario's stages it is, and the core it is put on. */
export interface Placed {
  readonly number: number;
  readonly core: string;
}

export type Variant = readonly Placed[];

/** Every stage on any core or left out, at least one kept: (cores + 1)^stages - 1 of them. */
export function allVariants(stages: number, cores: readonly string[]): readonly Variant[] {
  let variants: readonly Variant[] = [[]];
  for (let number = 0; number < stages; number++)
    variants = variants.flatMap((variant) => [...cores.map((core) => [...variant, { number, core }]), variant]);
  return variants.filter((variant) => variant.length > 0);
}

export const sameVariant = (one: Variant, other: Variant): boolean =>
  one.length === other.length &&
  one.every(({ number, core }, index) => number === other[index].number && core === other[index].core);

export interface StageOnCore {
  readonly stage: string;
  readonly core: string;
}

/** `activity on dsp → verify on app` */
export const placementName = (stages: readonly StageOnCore[]): string =>
  stages.map(({ stage, core }) => `${stage} on ${core}`).join(' → ');
