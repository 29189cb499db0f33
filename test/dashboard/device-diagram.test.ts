// The diagram of every shipped device: nothing lies on anything else, and every part hangs on its rail.
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Box, planDiagram } from '../../dashboard/draw/device-diagram.ts';
import { portraitOf } from '../../server/profiles/portrait.ts';
import { deviceProfileSchema } from '../../server/runs/files/device-profile.ts';
import { readYaml } from '../../server/runs/files/yaml.ts';

const folder = fileURLToPath(new URL('../../device-profiles/', import.meta.url));
const shipped = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the diagram of a device', () => {
  it.each(shipped)('should have room for every part and a rail for each: %s', async (file) => {
    const { parts } = portraitOf((await readYaml(`${folder}${file}`, deviceProfileSchema)).value);
    const { boxes, rails, wires, width, height } = planDiagram(parts);
    const { sensors, cores, memories, actuators, links } = parts;
    const drawn = [...sensors, ...cores, ...memories, ...actuators];
    expect(boxes).toHaveLength(drawn.length + 1);
    for (const [index, box] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) expect(overlap(box, other), `${box.name}, ${other.name}`).toBe(false);
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
    }
    for (const rail of rails)
      expect(rail.taps.flatMap(({ ends }) => ends)).toHaveLength(
        drawn.filter((part) => part.rail === rail.name).length,
      );
    // Every way ends at the top of a part.
    const tops = new Set(boxes.map(({ y }) => y));
    for (const { points } of wires) expect(tops.has(points[points.length - 1][1])).toBe(true);
    expect(wires.filter(({ kind }) => kind === 'link')).toHaveLength(links.length);
  });
});
