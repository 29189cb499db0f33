// Reads a built devicetree (Zephyr's build/zephyr/zephyr.dts, or what `dtc -O dts` writes): one file, nothing to include or to expand.
// Grammar: Devicetree Specification v0.4, appendix A; of expressions only plain numbers, since a build has computed the others.

import { InputProblem } from '../runs/files/problem.ts';

export type Value =
  | { readonly kind: 'cells'; readonly cells: readonly Cell[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: readonly number[] }
  | { readonly kind: 'reference'; readonly label: string };
export type Cell = number | { readonly label: string };

export interface Property {
  readonly name: string;
  readonly line: number;
  readonly values: readonly Value[];
}

export interface TreeNode {
  readonly name: string;
  readonly labels: readonly string[];
  readonly line: number;
  readonly properties: ReadonlyMap<string, Property>;
  readonly children: readonly TreeNode[];
}

interface Token {
  readonly text: string;
  readonly line: number;
}

const TOKEN =
  /\s+|\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\])*"|\/[a-z0-9-]+\/|&\{[^}]*\}|&[\w-]+|[\w,.+?#@-]+:?|[{}[\]()<>;=:,/]/gy;

/** @param path for messages @throws {InputProblem} with file and line */
export function parseDevicetree(path: string, text: string): TreeNode {
  return new Reader(path, tokens(path, text)).file();
}

function tokens(path: string, text: string): readonly Token[] {
  const found: Token[] = [];
  let line = 1;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw new InputProblem(
        `${path}:${line}: "${text[start]}" has no place in a built devicetree; take build/zephyr/zephyr.dts`,
      );
    const [piece] = match;
    if (!/^(\s|\/\*|\/\/)/.test(piece)) found.push({ text: piece, line });
    line += piece.split('\n').length - 1;
  }
  return found;
}

class Reader {
  private readonly path: string;
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(path: string, all: readonly Token[]) {
    this.path = path;
    this.tokens = all;
  }

  /** The root; a node that is opened again goes on where it was. */
  file(): TreeNode {
    let root: TreeNode | null = null;
    while (this.at < this.tokens.length) {
      const { text, line } = this.next();
      if (text === '/dts-v1/' || text === '/plugin/') this.expect(';');
      else if (text === '/memreserve/') while (this.next().text !== ';');
      else if (text === '/') root = this.node('/', [], line, root);
      else if (text.startsWith('#'))
        this.fail(line, 'a preprocessor line has no place in a built devicetree; take build/zephyr/zephyr.dts');
      else
        this.fail(
          line,
          `"${text}" is not expected outside the root node "/ { … };"; take build/zephyr/zephyr.dts, where overlays are merged`,
        );
    }
    if (root === null)
      throw new InputProblem(`${this.path}:1: there is no root node "/ { … };"; is this a devicetree?`);
    return root;
  }

  private node(name: string, labels: readonly string[], line: number, earlier: TreeNode | null): TreeNode {
    const properties = new Map(earlier?.properties);
    const children = [...(earlier?.children ?? [])];
    this.expect('{');
    for (let token = this.next(); token.text !== '}'; token = this.next()) {
      const own: string[] = [];
      while (token.text.endsWith(':')) {
        own.push(token.text.slice(0, -1));
        token = this.next();
      }
      const following = this.peek();
      if (token.text === '/delete-node/' || token.text === '/delete-property/') {
        const { text } = this.next();
        properties.delete(text);
        const gone = children.findIndex((child) => child.name === text);
        if (gone >= 0) children.splice(gone, 1);
        this.expect(';');
      } else if (following === '{') {
        const { text } = token;
        const known = children.findIndex((child) => child.name === text);
        const child = this.node(text, own, token.line, children[known] ?? null);
        if (known >= 0) children[known] = child;
        else children.push(child);
      } else properties.set(token.text, this.property(token));
    }
    this.expect(';');
    return { name, labels: [...(earlier?.labels ?? []), ...labels], line: earlier?.line ?? line, properties, children };
  }

  private property({ text: name, line }: Token): Property {
    if (!/^[\w,.+?#-]+$/.test(name)) this.fail(line, `"${name}" is not the name of a node or a property`);
    const values: Value[] = [];
    const first = this.next();
    if (first.text === ';') return { name, line, values };
    if (first.text !== '=') this.fail(first.line, `after "${name}" comes "=", ";" or "{", not "${first.text}"`);
    do {
      values.push(this.value());
    } while (this.next(',', ';').text === ',');
    return { name, line, values };
  }

  private value(): Value {
    const { text, line } = this.next();
    if (text.endsWith(':')) return this.value();
    if (text.startsWith('"')) return { kind: 'text', text: text.slice(1, -1).replace(/\\(.)/g, '$1') };
    if (text.startsWith('&')) return { kind: 'reference', label: text.slice(1) };
    if (text === '/bits/') {
      this.next();
      return this.value();
    }
    if (text === '<') return { kind: 'cells', cells: this.cells() };
    if (text === '[') return { kind: 'bytes', bytes: this.bytes() };
    return this.fail(line, `"${text}" is not a value; one is written <1 2>, "text", [00 ff] or &label`);
  }

  private cells(): readonly Cell[] {
    const cells: Cell[] = [];
    for (let { text, line } = this.next(); text !== '>'; { text, line } = this.next()) {
      if (text === '(' || text === ')') continue;
      if (text.startsWith('&')) cells.push({ label: text.slice(1) });
      else if (/^(0x[0-9a-f]+|\d+)(u?l{0,2})$/i.test(text)) cells.push(Number(text.replace(/u?l*$/i, '')));
      else this.fail(line, `"${text}" is not a number; a built devicetree holds no names or expressions here`);
    }
    return cells;
  }

  private bytes(): readonly number[] {
    let digits = '';
    for (let { text, line } = this.next(); text !== ']'; { text, line } = this.next()) {
      if (!/^[0-9a-f]+$/i.test(text)) this.fail(line, `"${text}" is not a byte; write two digits each, [00 ff]`);
      digits += text;
    }
    return (digits.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
  }

  private peek(): string | undefined {
    return this.tokens[this.at]?.text;
  }

  private next(...wanted: readonly string[]): Token {
    const token = this.tokens[this.at];
    if (token === undefined)
      return this.fail(this.tokens.at(-1)?.line ?? 1, 'the file ends within a node or a value; is it whole?');
    this.at++;
    if (wanted.length > 0 && !wanted.includes(token.text))
      this.fail(token.line, `"${token.text}" stands where ${wanted.map((one) => `"${one}"`).join(' or ')} is wanted`);
    return token;
  }

  private expect(text: string): void {
    this.next(text);
  }

  private fail(line: number, problem: string): never {
    throw new InputProblem(`${this.path}:${line}: ${problem}`);
  }
}

/** The node and all below it, in the order of the file. */
export function* everyNode(node: TreeNode): Generator<TreeNode> {
  yield node;
  for (const child of node.children) yield* everyNode(child);
}

export const textOf = (node: TreeNode, name: string): string | null => {
  const value = node.properties.get(name)?.values.find(({ kind }) => kind === 'text');
  return value?.kind === 'text' ? value.text : null;
};

/** A number of one or two cells. */
export const numberOf = (node: TreeNode, name: string): { readonly value: number; readonly line: number } | null => {
  const property = node.properties.get(name);
  const cells = property?.values.flatMap((value) => (value.kind === 'cells' ? value.cells : [])) ?? [];
  const numbers = cells.filter((cell) => typeof cell === 'number');
  if (property === undefined || numbers.length === 0) return null;
  return { value: numbers.length === 2 ? numbers[0] * 2 ** 32 + numbers[1] : numbers[0], line: property.line };
};

export const isCompatible = (node: TreeNode, wanted: string): boolean =>
  node.properties.get('compatible')?.values.some((value) => value.kind === 'text' && value.text === wanted) ?? false;
