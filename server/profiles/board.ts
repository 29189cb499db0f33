// A board as people write it for `lightsleeper profile derive`: published figures with the line they come from, from which a device profile follows by rule.

import { z } from 'zod';
import { figure, name, quantity } from '../runs/files/schema.ts';
import { coreClasses } from './evidence.ts';

const source = z.string({ error: 'every figure names the line it comes from' }).min(8);

const row = z.strictObject({ energy: quantity('energy').optional(), latency: quantity('time') });

/** Results of one round at one clock. */
const inference = z
  .strictObject({
    source,
    clock: quantity('frequency'),
    /** Of the core, where it changes with the clock. */
    voltage: quantity('voltage').optional(),
    rows: z.strictObject({ ad: row.optional(), kws: row.optional(), vww: row.optional(), ic: row.optional() }),
  })
  .refine(({ rows }) => Object.keys(rows).length > 0, { error: 'give at least one row: ad, kws, vww or ic' });

const table = z.strictObject({
  source,
  supply: quantity('voltage'),
  points: z
    .array(
      z.strictObject({
        clock: quantity('frequency'),
        run: quantity('current').optional(),
        sleep: quantity('current').optional(),
      }),
    )
    .min(1),
});

export const boardSchema = z.strictObject({
  title: z.string(),
  description: z.string(),
  part: z.string(),
  kind: z.enum(['dsp', 'low-power', 'application']),
  /** Where the front end is computed: software on such a core, or hardware whose power is within the sleep power. */
  frontEnd: z.enum([...coreClasses, 'hardware']),
  supply: quantity('voltage'),
  inference: z.array(inference).min(1),
  /** The clock at which it listens. */
  streaming: z.strictObject({ source, clock: quantity('frequency'), voltage: quantity('voltage').optional() }),
  /** Data-sheet currents with peripherals gated. */
  dataSheet: table.optional(),
  /** Currents that somebody measured on a board, peripherals as a firmware leaves them. */
  realBoard: table.optional(),
  /** Between windows: waits with its clock on (perhaps another one), or gates its power. */
  sleep: z.discriminatedUnion('how', [
    z.strictObject({
      how: z.literal('wait'),
      source,
      clock: quantity('frequency'),
      voltage: quantity('voltage').optional(),
      wake: figure('time'),
    }),
    z.strictObject({ how: z.literal('gate'), power: figure('power'), wake: figure('time') }),
  ]),
  memory: z.strictObject({ name: name.default('sram'), ram: figure('size'), store: figure('size').optional() }),
});

export type Board = z.infer<typeof boardSchema>;
export type Inference = Board['inference'][number];
export type CurrentTable = z.infer<typeof table>;
