// Which column of a measured trace is what, in which unit: from the header, as the profilers write it.
//   nRF Connect Power Profiler (PPK2):  Timestamp(ms),Current(uA),D0-D7,D0,D1,…     (any of the columns after the second may be missing)
//   Joulescope, export of a recording:  #time (s),current (A),voltage (V)
//   Joulescope, down-sampled capture:   #time,current,voltage,power,charge,energy    (all in SI units)
//   Otii and others:                    Timestamp (s);Main Current (A) …, units in brackets, `,` `;` or tab, decimal comma with `;`
// The first two were read in the programs that write them (NordicSemiconductor/pc-nrfconnect-ppk, jetperch/pyjoulescope_ui).

export interface TraceColumn {
  readonly index: number;
  readonly name: string;
  /** What one of its unit is in SI. */
  readonly scale: number;
}

export interface TraceHeader {
  readonly format: 'PPK2' | 'Joulescope' | 'columns with units';
  readonly delimiter: ',' | ';' | '\t';
  readonly time: TraceColumn;
  readonly current: TraceColumn | null;
  readonly voltage: TraceColumn | null;
  readonly power: TraceColumn | null;
}

export type HeaderResult =
  | { readonly ok: true; readonly header: TraceHeader }
  /** `header`: it is one, and this is wrong with it; otherwise the line is something else. */
  | { readonly ok: false; readonly header: boolean; readonly problem: string };

const UNITS = {
  time: { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 },
  current: { A: 1, mA: 1e-3, uA: 1e-6, nA: 1e-9 },
  voltage: { V: 1, mV: 1e-3 },
  power: { W: 1, mW: 1e-3, uW: 1e-6, nW: 1e-9 },
} as const satisfies Readonly<Record<string, Readonly<Record<string, number>>>>;
type Quantity = keyof typeof UNITS;

const NAMES: Readonly<Record<Quantity, RegExp>> = {
  time: /^(time|timestamp|elapsed)\b|^t$/i,
  current: /current/i,
  voltage: /volt/i,
  power: /power/i,
};

/** Reads a line as a header. */
export function parseHeader(line: string): HeaderResult {
  const delimiter = (['\t', ';', ','] as const).find((candidate) => line.includes(candidate));
  const nothing = { ok: false, header: false, problem: 'no header' } as const;
  if (delimiter === undefined) return nothing;
  const marked = line.startsWith('#');
  const cells = line.replace(/^#\s*/, '').split(delimiter).map(splitUnit);
  const find = (quantity: Quantity) => {
    const matching = cells.flatMap(({ name }, index) => (NAMES[quantity].test(name) ? [index] : []));
    return matching.find((index) => /main/i.test(cells[index].name)) ?? matching[0];
  };
  const places = { time: find('time'), current: find('current'), voltage: find('voltage'), power: find('power') };
  if (places.time === undefined && places.current === undefined && places.power === undefined) return nothing;
  if (places.time === undefined)
    return { ok: false, header: true, problem: 'the header has no column of time; name it like "Time (s)"' };
  if (places.current === undefined && places.power === undefined)
    return { ok: false, header: true, problem: 'the header has no column of current; name it like "Current (A)"' };

  const bare = marked && cells.every(({ unit }) => unit === null);
  const problems: string[] = [];
  const column = (quantity: Quantity, index: number | undefined): TraceColumn | null => {
    if (index === undefined) return null;
    const { name, unit } = cells[index];
    const units: Readonly<Record<string, number>> = UNITS[quantity];
    const scale = unit === null ? (bare ? 1 : undefined) : units[unit];
    if (scale === undefined)
      problems.push(
        `column "${name}" ${unit === null ? 'has no unit' : `is in "${unit}", which is no unit of ${quantity}`}; write one of ${Object.keys(units).join(', ')}, as in "${name} (${Object.keys(units)[0]})"`,
      );
    return { index, name, scale: scale ?? 1 };
  };
  const time = column('time', places.time);
  const current = column('current', places.current);
  const voltage = column('voltage', places.voltage);
  const power = column('power', places.power);
  if (time === null || problems.length > 0) return { ok: false, header: true, problem: problems.join('; ') };
  const format = marked ? 'Joulescope' : /^timestamp\(ms\),current\(ua\)/i.test(line) ? 'PPK2' : 'columns with units';
  return { ok: true, header: { format, delimiter, time, current, voltage, power } };
}

/** "Current (uA)", "current[mA]", "current_A", `"Time, s"` without its comma: name and unit. */
function splitUnit(cell: string): { readonly name: string; readonly unit: string | null } {
  const text = cell.trim().replace(/^"(.*)"$/, '$1');
  const bracketed = /^(.*?)\s*[([]\s*([^)\]]*?)\s*[)\]]$/.exec(text);
  const suffixed = /^(.*)_([num]?[sAVW])$/.exec(text);
  const [, name = text, unit = null] = bracketed ?? suffixed ?? [];
  return { name: name.trim(), unit: unit === null ? null : unit.replace(/[µμ]/, 'u') };
}
