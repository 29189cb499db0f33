// REST, as the page uses it. A refusal is an answer (problem+json), so it comes back as a value.

import type { AdviceBody, LaunchBody, SaveScenarioBody } from '../../server/api/schemas.ts';
import type { DevicePortrait } from '../../server/profiles/views.ts';
import type { ActBody } from '../../server/runs/acts/log.ts';
import type { AdviceView } from '../../server/runs/advise/advice-desk.ts';
import type { RunComparison } from '../../server/runs/compare/comparison.ts';
import type { RunReport } from '../../server/runs/report/report.ts';
import type {
  DeviceView,
  InputView,
  ModelView,
  OfferedScenario,
  PreviewStretch,
  PreviewView,
  RangeView,
  RunView,
  ScenarioView,
  Series,
  Speed,
} from '../../server/runs/views.ts';

export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

export type RunCommand = 'pause' | 'resume' | 'stop';

export const getScenarios = (): Promise<Result<readonly OfferedScenario[]>> => call('GET', '/api/scenarios');
export const getDevices = (): Promise<Result<readonly DeviceView[]>> => call('GET', '/api/devices');
export const getDevice = (name: string): Promise<Result<DevicePortrait>> =>
  call('GET', `/api/devices/${encodeURIComponent(name)}`);
export const getRuns = (): Promise<Result<readonly RunView[]>> => call('GET', '/api/runs');
export const getComparison = (ids: readonly string[]): Promise<Result<RunComparison>> =>
  call('GET', `/api/compare?runs=${ids.map(encodeURIComponent).join(',')}`);
export const getSeries = (id: string): Promise<Result<Series>> =>
  call('GET', `/api/runs/${encodeURIComponent(id)}/series`);
export const getModels = (): Promise<Result<readonly ModelView[]>> => call('GET', '/api/models');
export const getAdvice = (): Promise<Result<readonly AdviceView[]>> => call('GET', '/api/advice');
export const askAdvice = (body: AdviceBody): Promise<Result<AdviceView>> => call('POST', '/api/advice', body);
export const cancelAdvice = (id: string): Promise<Result<AdviceView>> =>
  call('DELETE', `/api/advice/${encodeURIComponent(id)}`);
export const askWhatIf = (
  id: string,
  variants: ReadonlyArray<readonly string[]>,
): Promise<Result<{ readonly original: RunReport; readonly variants: readonly RunReport[] }>> =>
  call('POST', `/api/runs/${encodeURIComponent(id)}/what-if`, { variants });
export const saveScenario = (body: SaveScenarioBody): Promise<Result<ScenarioView>> =>
  call('POST', '/api/scenarios', body);
export const getRange = (
  id: string,
  { from, to }: { readonly from: number; readonly to: number },
  points: number,
): Promise<Result<RangeView>> =>
  call('GET', `/api/runs/${encodeURIComponent(id)}/range?from=${plain(from)}&to=${plain(to)}&points=${points}`);
export const launch = (request: LaunchBody): Promise<Result<RunView>> => call('POST', '/api/runs', request);
export const act = (id: string, body: ActBody): Promise<Result<InputView>> =>
  call('POST', `/api/runs/${encodeURIComponent(id)}/acts`, body);
export const command = (id: string, what: RunCommand): Promise<Result<unknown>> =>
  call('POST', `/api/runs/${encodeURIComponent(id)}/${what}`);

/** A stream as a run with this seed and duration gets it. */
export interface PreviewOf {
  readonly scenario: string;
  readonly seed: number;
  readonly duration: number;
}

export const getPreview = (of: PreviewOf, leaving: AbortSignal): Promise<Result<PreviewView>> =>
  call('GET', previewPath(of, '', {}), undefined, leaving);
export const getStretch = (
  of: PreviewOf,
  from: number,
  to: number,
  points: number,
  leaving: AbortSignal,
): Promise<Result<PreviewStretch>> => call('GET', previewPath(of, '/wave', { from, to, points }), undefined, leaving);
/** @param gain dB */
export const soundUrl = (of: PreviewOf, from: number, to: number, gain: number): string =>
  previewPath(of, '/sound.wav', { from, to, gain });
export const pictureUrl = (of: PreviewOf, at: number): string => previewPath(of, '/picture.png', { at });

function previewPath(of: PreviewOf, what: string, place: Readonly<Record<string, number>>): string {
  const { scenario, ...stream } = of;
  const query = Object.entries({ ...stream, ...place }).map(([name, value]) => `${name}=${value}`);
  return `/api/scenarios/${encodeURIComponent(scenario)}/preview${what}?${query.join('&')}`;
}

/** Seconds to the nanosecond, without an exponent. */
const plain = (seconds: number): string => seconds.toFixed(9).replace(/\.?0+$/, '');

export const changePace = (id: string, speed: Speed): Promise<Result<unknown>> =>
  call('POST', `/api/runs/${encodeURIComponent(id)}/pace`, { speed });
export const goTo = (id: string, to: 'window' | 'detection'): Promise<Result<unknown>> =>
  call('POST', `/api/runs/${encodeURIComponent(id)}/step`, { to });

async function call<Value>(
  method: string,
  path: string,
  body?: unknown,
  leaving?: AbortSignal,
): Promise<Result<Value>> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: leaving ?? null,
    });
    const text = await response.text();
    if (!response.ok) return { ok: false, problem: problemOf(text, response) };
    return { ok: true, value: (text === '' ? undefined : JSON.parse(text)) as Value };
  } catch {
    return { ok: false, problem: 'The server does not answer.' };
  }
}

/** The sentence in a problem+json, or the best that can be said without one. */
function problemOf(text: string, response: Response): string {
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === 'object' && problem !== null) {
      const { detail, title } = problem as { detail?: unknown; title?: unknown };
      if (typeof detail === 'string' && detail !== '') return detail;
      if (typeof title === 'string' && title !== '') return title;
    }
  } catch {
    // Not JSON: a proxy's page, or nothing at all.
  }
  return `The server answered ${response.status} ${response.statusText}.`.replace(' .', '.');
}
