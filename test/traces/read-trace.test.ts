import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumber } from '../../server/traces/read-number.ts';
import { readTrace, TraceReader } from '../../server/traces/read-trace.ts';

const lines = (count: number, line: (at: number) => string) => Array.from({ length: count }, (_, at) => line(at));

function read(text: string, volts: number | null = null, piece = 1000) {
  const reader = new TraceReader('trace.csv', volts);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += piece) reader.take(bytes.subarray(at, at + piece));
  return reader.end();
}

describe('formats', () => {
  // 2 mA at 3 V, twice that in the second half of two seconds.
  const milliamperes = (at: number) => (at < 1000 ? 2 : 4);
  const formats: Readonly<Record<string, { text: string; volts: number | null; format: string }>> = {
    'nRF Connect Power Profiler': {
      text: [
        'Timestamp(ms),Current(uA),D0-D7,D0,D1,D2,D3,D4,D5,D6,D7',
        ...lines(2000, (at) => `${at},${(milliamperes(at) * 1000).toFixed(3)},00000000,0,0,0,0,0,0,0,0`),
      ].join('\r\n'),
      volts: 3,
      format: 'PPK2',
    },
    'Joulescope, a recording': {
      text: [
        '#time (s),current (A),voltage (V)',
        ...lines(2000, (at) => `${(at * 1e-3).toFixed(6)},${(milliamperes(at) / 1e3).toExponential(5)},3.00000`),
      ].join('\n'),
      volts: null,
      format: 'Joulescope',
    },
    'Joulescope, down-sampled': {
      text: [
        '#time,current,voltage,power,charge,energy',
        ...lines(2000, (at) => `${at * 1e-3},${milliamperes(at) / 1e3},3,${(milliamperes(at) / 1e3) * 3},0,0`),
      ].join('\n'),
      volts: null,
      format: 'Joulescope',
    },
    'Otii with semicolons and decimal commas': {
      text: [
        'Otii recording 1',
        'Timestamp (s);Main Current (mA);Main Voltage (V)',
        ...lines(2000, (at) => `${(at * 1e-3).toFixed(4)};${milliamperes(at).toFixed(2)};3,0`.replaceAll('.', ',')),
      ].join('\n'),
      volts: null,
      format: 'columns with units',
    },
    'brackets, quotes and a byte-order mark': {
      text: `\uFEFF${['"Time [us]","Current [µA]"', ...lines(2000, (at) => `${at * 1000},${milliamperes(at) * 1000}`)].join('\n')}\n`,
      volts: 3,
      format: 'columns with units',
    },
  };
  for (const [name, { text, volts, format }] of Object.entries(formats))
    it(`should read ${name}`, () => {
      const trace = read(text, volts);
      expect(trace).toMatchObject({ format, samples: 2000, gaps: 0 });
      expect(trace.seconds).toBeCloseTo(2, 3);
      const { mean, count } = trace.bins;
      const energy = mean.reduce((sum, value) => sum + value, 0) * trace.bins.width;
      expect(energy).toBeCloseTo(0.018, 4);
      expect(mean[Math.floor(count / 4)]).toBeCloseTo(0.006, 9);
      expect(mean[Math.floor((3 * count) / 4)]).toBeCloseTo(0.012, 9);
    });

  it('should not depend on where the bytes are cut', () => {
    const { text } = formats['Joulescope, a recording'];
    expect(read(text, null, 7)).toEqual(read(text, null, 1 << 20));
  });

  it('should leave out what was not recorded, and count it', () => {
    const text = ['Time (s),Current (mA)', ...lines(3000, (at) => `${(at < 1500 ? at : at + 2000) * 1e-3},1`)].join(
      '\n',
    );
    const { bins, gaps } = read(text, 1);
    expect(gaps).toBe(1);
    expect(bins.mean[Math.round(2.5 / bins.width)]).toBeNaN();
    expect(bins.mean[Math.round(4 / bins.width)]).toBeCloseTo(1e-3, 9);
  });
});

describe('a long trace', () => {
  it('should take no more memory than a short one, and keep its energy and its peaks', () => {
    const reader = new TraceReader('long.csv', 1);
    reader.take(Buffer.from('Timestamp(ms),Current(uA)\n'));
    // Two hours at a kilohertz, in pieces of a second; one sample of them stands out.
    const second = (start: number) =>
      Buffer.from(
        `${lines(1000, (at) => `${start * 1000 + at},${start === 5000 && at === 500 ? 900_000 : 1000}`).join('\n')}\n`,
      );
    for (let start = 0; start < 7200; start++) reader.take(second(start));
    const { bins, samples } = reader.end();
    expect(samples).toBe(7_200_000);
    expect(bins.count).toBeLessThanOrEqual(2 ** 21);
    expect(bins.mean.reduce((sum, value) => sum + value * bins.width, 0)).toBeCloseTo(7.2 + 0.899e-3, 3);
    expect(bins.high[Math.floor(5000.5 / bins.width)]).toBeCloseTo(0.9, 6);
  });
});

describe('what is no trace', () => {
  const ok = lines(1200, (at) => `${at},1000`);
  const cases: Readonly<Record<string, readonly [string, RegExp]>> = {
    'another table': [
      'name,size\na,1\n',
      /^trace\.csv:1: there is no header that names time and current; expected are/,
    ],
    'nothing at all': ['', /^trace\.csv:1: there is no header/],
    'no time': ['Current (A),Voltage (V)\n1,2', /^trace\.csv:1: the header has no column of time; name it like/],
    'no current': ['Time (s),Temperature (C)\n1,2', /^trace\.csv:1: the header has no column of current/],
    'a wrong unit': [
      'Time (s),Current (kA)\n0,1',
      /^trace\.csv:1: column "Current" is in "kA", which is no unit of current; write one of A, mA/,
    ],
    'no unit': [
      'Time (s),Current\n0,1',
      /^trace\.csv:1: column "Current" has no unit; write one of A, mA, uA, nA, as in "Current \(A\)"/,
    ],
    'no samples': ['Timestamp(ms),Current(uA)\n', /^trace\.csv:1: there are no samples after the header/],
    'time that goes back': [
      ['Timestamp(ms),Current(uA)', ...ok.slice(0, 20), '3,1000'].join('\n'),
      /^trace\.csv:22: time goes back from 0\.0190* s to 0\.0030* s/,
    ],
    'not a number': [
      ['Timestamp(ms),Current(uA)', ...ok.slice(0, 9), '9,NaN'].join('\n'),
      /^trace\.csv:11: "9,NaN" holds no number where time and current should be/,
    ],
    'a line cut short': [
      ['Timestamp(ms),Current(uA)', ...ok, '1200'].join('\n'),
      /^trace\.csv:1202: "1200" holds no number/,
    ],
    'less than a second': [
      ['Timestamp(ms),Current(uA)', ...ok.slice(0, 500)].join('\n'),
      /^trace\.csv:501: the trace ends after 0\.500 s; at least 1 s/,
    ],
  };
  for (const [name, [text, message]] of Object.entries(cases))
    it(`should be refused with file and line: ${name}`, () => {
      expect(() => read(text, 3)).toThrow(message);
    });

  it('should be refused without a voltage where the file has none', () => {
    expect(() => read(['Timestamp(ms),Current(uA)', ...ok].join('\n'))).toThrow(/^trace\.csv:1: .*--voltage 3\.0V/);
  });

  it('should be refused where there is no file, or it is no text', async () => {
    await expect(readTrace('/nowhere/trace.csv', 3)).rejects.toThrow(/^\/nowhere\/trace\.csv: there is no such file/);
    const path = join(await mkdtemp(join(tmpdir(), 'trace-')), 'zeros.bin');
    await writeFile(path, Buffer.alloc(3_000_000));
    await expect(readTrace(path, 3)).rejects.toThrow(/longer than 1 MB/);
  });
});

describe('numbers', () => {
  it('should be read like JavaScript reads them, to the last digit or next to it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom('', ' '), (value, blank) => {
        const bytes = Buffer.from(`x${blank}${value}${blank};`);
        const read = readNumber(bytes, 1, bytes.length - 1, true);
        expect(Math.abs(read - value)).toBeLessThanOrEqual(1e-15 * Math.abs(value));
      }),
    );
    for (const text of ['', ' ', '.', '-', '1.2.3', '1e', '0x10', 'Infinity', '--1', '1 2'])
      expect(readNumber(Buffer.from(text), 0, text.length, false), text).toBeNaN();
    expect(readNumber(Buffer.from('1,5'), 0, 3, true)).toBe(1.5);
    expect(readNumber(Buffer.from('1,5'), 0, 3, false)).toBeNaN();
  });
});
