// Keeps how a training went.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { COURSE_FOLDER, type Course } from '../models/course.ts';
import type { Fitted } from './fit.ts';
import type { NetworkName } from './networks.ts';
import { projectRoot } from './paths.ts';
import { writeWhole } from './progress.ts';

/** Writes the course of the latest training of a network. */
export function writeCourse(network: NetworkName, { losses, checkpoints }: Fitted): void {
  const folder = join(projectRoot(), COURSE_FOLDER);
  mkdirSync(folder, { recursive: true });
  const short = losses.map(({ step, loss }) => ({ step, loss: Number(loss.toPrecision(4)) }));
  const course: Course = { network, losses: short, checkpoints };
  writeWhole(join(folder, `${network}.json`), courseText(course));
}

/** As the formatter would have it: a point a line. */
export const courseText = (course: Course): string =>
  `${JSON.stringify(course, null, 2).replace(/\{\s+("step": \d+),\s+("\w+": \S+)\s+\}/g, '{ $1, $2 }')}\n`;
