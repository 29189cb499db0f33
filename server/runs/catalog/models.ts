// The models that the scenarios name: what they look for, what they cost, how good they are and how their training went.

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { COURSE_FOLDER, courseSchema } from '../../models/course.ts';
import { InputProblem } from '../files/problem.ts';
import { loadScenario } from '../load.ts';
import type { ModelView } from '../views.ts';

/** @param scenarios paths of their files; one that fails its check is left out, its card says why */
export async function modelViews(root: string, scenarios: readonly string[]): Promise<readonly ModelView[]> {
  const views = new Map<string, ModelView>();
  for (const path of scenarios) {
    const loaded = await loadScenario(path).catch((error: unknown) => {
      if (error instanceof InputProblem) return null;
      throw error;
    });
    for (const [index, { path: file, card, cost }] of (loaded?.models ?? []).entries()) {
      const name = basename(file, '.onnx');
      const use = { scenario: basename(path, '.yaml'), stage: loaded?.stages[index].name ?? name };
      const known = views.get(file);
      views.set(
        file,
        known !== undefined
          ? { ...known, usedBy: [...known.usedBy, use] }
          : {
              name,
              task: card.task,
              precision: card.precision,
              macs: cost.totalMacs,
              parameters: cost.parameters,
              weightBytes: cost.weightBytes,
              threshold: card.threshold,
              training: card.training,
              quality: card.quality,
              operatingCurve: card.operatingCurve,
              course: await courseOf(root, name),
              usedBy: [use],
            },
      );
    }
  }
  return [...views.values()];
}

/** Null where no training of it was kept. */
async function courseOf(root: string, name: string): Promise<ModelView['course']> {
  const text = await readFile(join(root, COURSE_FOLDER, `${name}.json`), 'utf8').catch(() => null);
  return text === null ? null : courseSchema.parse(JSON.parse(text));
}
