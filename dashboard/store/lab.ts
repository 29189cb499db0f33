// The gate lab: models, and searches for thresholds, which are asked for again as long as one goes on.

import { signal } from '@preact/signals';
import type { AdviceView } from '../../server/runs/advise/advice-desk.ts';
import type { ModelView } from '../../server/runs/views.ts';
import { getAdvice, getModels, type Result } from '../api/client.ts';
import type { Loaded } from './catalogue.ts';

export const models = signal<Loaded<readonly ModelView[]>>({ state: 'loading' });
export const searches = signal<Result<readonly AdviceView[]> | null>(null);

const AGAIN_MILLISECONDS = 700;

export const isUnderWay = ({ state }: AdviceView): boolean => state === 'waiting' || state === 'searching';

export async function loadModels(): Promise<void> {
  models.value = { state: 'done', answer: await getModels() };
}

/** Follows the searches until the returned function is called. */
export function followSearches(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLeft = false;
  const look = async (): Promise<void> => {
    const answer = await getAdvice();
    if (isLeft) return;
    searches.value = answer;
    timer = setTimeout(() => void look(), answer.ok && answer.value.some(isUnderWay) ? AGAIN_MILLISECONDS : 5000);
  };
  void look();
  return () => {
    isLeft = true;
    clearTimeout(timer);
  };
}

/** Puts what the server answered in its place at once. */
export function took(view: AdviceView): void {
  const known = searches.value?.ok ? searches.value.value : [];
  const others = known.filter(({ id }) => id !== view.id);
  searches.value = { ok: true, value: [view, ...others] };
}
