// What a board draws between two windows.

import type { Board } from './board.ts';
import { PERIPHERAL_FACTOR, SLEEP_RATIO } from './evidence.ts';
import { currentAt } from './work.ts';
import { type Quantity, type WrittenFigure, write, writeFigure } from './written.ts';

/**
 * Power of the sleep between windows, from the best-known figure: a share of the active power that a board of this chip showed, else the data
 * sheet's share with a factor for peripherals, else the share that such parts have. A share cancels the supply and the converter, which differ.
 */
export function sleepPower(board: Board, active: Quantity): WrittenFigure {
  const { sleep, realBoard, dataSheet, streaming } = board;
  if (sleep.how === 'gate') {
    const { text, source, confidence, range } = sleep.power;
    return {
      value: text,
      ...(range === undefined ? {} : { range: `${write(range.low, 'W')} to ${write(range.high, 'W')}` }),
      source,
      confidence,
    };
  }
  const at = `${write(sleep.clock, 'Hz')}`;
  const share = (table: NonNullable<typeof dataSheet>) =>
    currentAt(table, 'sleep', sleep.clock) / currentAt(table, 'run', streaming.clock);
  const gated = dataSheet?.points.some((point) => point.sleep !== undefined) ? share(dataSheet) : null;
  const of = `of the active ${write(active.value, 'W')}`;
  if (realBoard?.points.some((point) => point.sleep !== undefined)) {
    const real = share(realBoard);
    const own = currentAt(realBoard, 'sleep', sleep.clock) * realBoard.supply;
    const low = (gated ?? real / PERIPHERAL_FACTOR.high) * active.value;
    return writeFigure(
      { value: real * active.value, low, high: Math.max(own, real * active.value) },
      'W',
      'derived',
      `${realBoard.source}: sleep at ${at} over run at ${write(streaming.clock, 'Hz')} = ${real.toFixed(3)} ${of}; from the data sheet's share with peripherals gated to that board's own ${write(own, 'W')}; ${sleep.source}`,
    );
  }
  if (gated !== null && dataSheet !== undefined)
    return writeFigure(
      {
        value: gated * PERIPHERAL_FACTOR.value * active.value,
        low: gated * active.value,
        high: gated * PERIPHERAL_FACTOR.high * active.value,
      },
      'W',
      'derived',
      `${dataSheet.source}: sleep at ${at} over run at ${write(streaming.clock, 'Hz')} = ${gated.toFixed(3)} ${of}, ${PERIPHERAL_FACTOR.source}; ${sleep.source}`,
    );
  const volts =
    sleep.voltage !== undefined && streaming.voltage !== undefined ? (sleep.voltage / streaming.voltage) ** 2 : 1;
  const running = (active.value * volts * sleep.clock) / streaming.clock;
  return writeFigure(
    { value: running * SLEEP_RATIO.value, low: running * SLEEP_RATIO.low, high: running * SLEEP_RATIO.high },
    'W',
    'estimated',
    `${SLEEP_RATIO.source} = ${SLEEP_RATIO.value.toFixed(2)} x ${write(running, 'W')} running at ${at}; ${sleep.source}`,
  );
}
