// How a training went: what `lightsleeper train` keeps of it beside the docs, of a model that ships or of a repeat that was thrown away.

import { z } from 'zod';

export const courseSchema = z.strictObject({
  network: z.string(),
  /** Smoothed. */
  losses: z.array(z.strictObject({ step: z.int().positive(), loss: z.number() })).readonly(),
  /** Share of the validation scenes' words that the checkpoint misses; the lowest is kept. */
  checkpoints: z.array(z.strictObject({ step: z.int().positive(), misses: z.number() })).readonly(),
});
export type Course = z.infer<typeof courseSchema>;

/** In the project's folder. */
export const COURSE_FOLDER = 'docs/training';
