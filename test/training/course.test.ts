import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COURSE_FOLDER, courseSchema } from '../../server/models/course.ts';
import { courseText } from '../../server/training/course.ts';

const folder = fileURLToPath(new URL(`../../${COURSE_FOLDER}/`, import.meta.url));

describe('the course of a training', () => {
  it.each(readdirSync(folder))('should be kept as the formatter would have it: %s', (file) => {
    const text = readFileSync(`${folder}${file}`, 'utf8');
    expect(courseText(courseSchema.parse(JSON.parse(text)))).toBe(text);
  });
});
