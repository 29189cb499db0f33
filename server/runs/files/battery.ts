// The battery of a device profile: one of three models of a cell, what temperature and age do to it, and its charger.

import { z } from 'zod';
import { figure, outOfOrder, provenance, quantity } from './schema.ts';

/** A figure that may not be zero. */
const positive = (dimension: 'charge' | 'voltage' | 'current', what: string) =>
  figure(dimension).refine(({ value }) => value > 0, {
    error: `${what} is zero; give the figure of the cell's data sheet`,
    path: ['value'],
  });

const cell = {
  part: z.string(),
  capacity: positive('charge', 'the capacity'),
  resistance: figure('resistance'),
  selfDischarge: figure('leak'),
  cutoff: figure('voltage'),
  /** Against the other figures, which hold at 25 °C or where their source says: share of the capacity that can be had, resistance times this. */
  temperature: z
    .strictObject({
      ...provenance,
      points: z
        .array(
          z.strictObject({
            at: quantity('temperature'),
            capacity: quantity('share').refine((share) => share > 0 && share <= 1, {
              error: 'the capacity that can be had is more than 0 and at most 100 %',
            }),
            resistance: z.number().positive(),
          }),
        )
        .min(1),
    })
    .superRefine(({ points }, context) => inOrder(points, 'at', 'temperature', context))
    .optional(),
  /** A used cell: given figures of one that has gone through so many cycles. */
  ageing: z
    .strictObject({
      ...provenance,
      cycles: z.number().nonnegative(),
      capacityFade: quantity('share').refine((share) => share < 1, {
        error: 'a cell that lost all its capacity is none',
      }),
      resistanceGrowth: quantity('share'),
    })
    .optional(),
  charger: z
    .strictObject({
      part: z.string(),
      current: positive('current', 'the charging current'),
      voltage: positive('voltage', 'the charging voltage'),
      /** It stops when the current has fallen to this. */
      termination: positive('current', 'the current that ends a charge'),
      /** Of what comes from the mains, the share that reaches the cell and the device. */
      efficiency: z.strictObject({ ...provenance, ratio: z.number().gt(0).max(1) }),
    })
    .refine(({ current, termination }) => termination.value < current.value, {
      error: 'a charge ends at a current below the charging current; lower the termination',
      path: ['termination'],
    })
    .optional(),
};

const openCircuit = z
  .strictObject({
    ...provenance,
    points: z.array(z.strictObject({ charge: quantity('share'), voltage: quantity('voltage') })).min(2),
  })
  .superRefine(({ points }, context) => {
    inOrder(points, 'charge', 'charge', context);
    const rising = [...points].sort((a, b) => a.charge - b.charge);
    for (let at = 1; at < rising.length; at++)
      if (rising[at].voltage < rising[at - 1].voltage)
        context.addIssue({
          code: 'custom',
          path: ['points', points.indexOf(rising[at]), 'voltage'],
          message: `the voltage at ${rising[at].charge * 100} % is below that at ${rising[at - 1].charge * 100} %; an open-circuit voltage never falls as charge rises`,
        });
  });

const thevenin = z.strictObject({
  ...cell,
  model: z.literal('thevenin').default('thevenin'),
  openCircuit,
  polarisation: z.strictObject({ resistance: figure('resistance'), timeConstant: figure('time') }),
});
const coulomb = z.strictObject({ ...cell, model: z.literal('coulomb'), openCircuit });
const curvePoint = z.strictObject({ voltage: figure('voltage'), drawn: positive('charge', 'the charge drawn') });
const tremblay = z.strictObject({
  ...cell,
  model: z.literal('tremblay'),
  /** Loaded voltages and charges drawn, on the curve of the typical current. */
  full: figure('voltage'),
  exponential: curvePoint,
  nominal: curvePoint,
  typicalCurrent: positive('current', 'the typical current'),
  response: figure('time'),
});

export const batterySchema = z
  .discriminatedUnion('model', [thevenin, coulomb, tremblay], {
    error: 'a battery has a model: thevenin, coulomb or tremblay',
  })
  .superRefine((battery, context) => {
    const refuse = (path: readonly string[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message });
    const { cutoff, capacity } = battery;
    const highest =
      battery.model === 'tremblay'
        ? battery.full.value
        : Math.max(...battery.openCircuit.points.map(({ voltage }) => voltage));
    if (cutoff.value >= highest)
      refuse(
        ['cutoff', 'value'],
        `the cutoff ${cutoff.text} is not below the voltage of the full cell, ${highest} V: it would be off at once; lower the cutoff`,
      );
    if (battery.charger !== undefined && battery.charger.voltage.value <= cutoff.value)
      refuse(
        ['charger', 'voltage', 'value'],
        `the charger stops at ${battery.charger.voltage.text}, not above the cutoff ${cutoff.text}: the cell would stay empty; raise it`,
      );
    if (battery.model !== 'tremblay') return;
    const { full, exponential, nominal } = battery;
    if (!(full.value > exponential.voltage.value && exponential.voltage.value > nominal.voltage.value))
      refuse(
        ['exponential', 'voltage', 'value'],
        'the voltages fall: full, then at the end of the exponential zone, then at the end of the nominal zone; put them in order',
      );
    if (!(exponential.drawn.value < nominal.drawn.value && nominal.drawn.value < capacity.value))
      refuse(
        ['nominal', 'drawn', 'value'],
        'the charges drawn rise: exponential zone, nominal zone, capacity; put them in order',
      );
  });

export type BatteryProfile = z.infer<typeof batterySchema>;

/** Points go one way, each once. */
function inOrder<K extends string>(
  points: ReadonlyArray<Readonly<Record<K, number>>>,
  key: K,
  what: string,
  context: z.RefinementCtx,
): void {
  const values = points.map((point) => point[key]);
  const twice = values.findIndex((value, at) => value === values[at - 1]);
  const wrong = twice > 0 ? twice : outOfOrder(values);
  if (wrong > 0)
    context.addIssue({
      code: 'custom',
      path: ['points', wrong, key],
      message: `points of a curve go by rising or by falling ${what}, each once, and this one breaks the order; move it`,
    });
}
