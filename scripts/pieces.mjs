// Takes what wasm-split-cli made of a bundle and leaves the pieces that are shipped: main, one module a part, some of what parts share, and
// the loader that brings them. wasm-split-cli writes a chunk for every combination of parts that share code, more than anyone should fetch
// one by one; they are merged with those that the same pages need.
// Usage: node scripts/pieces.mjs release|dev NAME SPLIT OUT     SPLIT is the folder of wasm-split-cli, OUT that of the pieces
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rowsOf } from "./code-splitting.mjs";

const [mode, name, split, out] = process.argv.slice(2);
/** Modules of what parts share: so many for three parts. More of them carry less that a page does not need, but each packs worse. */
const SHARED_FOR_THREE = 3;
/** How far the page that loads most is spared before others. */
const SPARED = 8;
/** After so many unions what pages load is counted anew. */
const WEIGHED_EVERY = 50;
/** About what a module of so many bytes of code and data weighs, compressed: the more stands together, the better it packs. */
const weightOf = (code) => 1.9 * code ** 0.83;
/** The module name under which main hands memory, table and stack pointer to what was merged. */
const MAIN = "__main";
const SHARED = "__wasm_split";
const FEATURES = ["--enable-bulk-memory", "--enable-bulk-memory-opt", "--enable-sign-ext", "--enable-nontrapping-float-to-int", "--enable-mutable-globals", "--enable-reference-types", "--enable-multivalue"];

/** Reads a module from `at` on. */
class Reader {
  constructor(bytes, at = 8) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  text() {
    const length = this.number();
    return this.bytes.toString("utf8", this.at, (this.at += length));
  }

  /** Goes past the type of an import: function, table, memory, global or tag. */
  skipType(kind) {
    if (kind !== 0 && kind !== 2) this.byte();
    if (kind === 3) this.byte();
    else if (kind === 0 || kind === 4) this.number();
    else {
      const both = this.byte() & 1;
      this.number();
      if (both) this.number();
    }
  }
}

const loader = readFileSync(join(split, "__wasm_split.js"), "utf8");
const found = (pattern, what) => {
  const all = [...loader.matchAll(pattern)];
  if (all.length === 0) throw new Error(`${join(split, "__wasm_split.js")} holds no ${what}. Remedy: is wasm-split-cli of the version that scripts/setup.sh names?`);
  return all;
};
const shares = found(/const \{ ([\w, ]*?),? \} = initSync/g, "list of what main shares")[0][1];
const canary = /sharedImports = \{ __wasm_split: \{(.*)\} \};/.exec(loader)?.[1].trim() ?? "";
/** What parts share: the parts, the variable and the file of each chunk. */
const chunks = [...loader.matchAll(/\/\* (.*?) \*\/\nconst (__chunk_\d+) = makeLoad\([^]*?new URL\("\.\/(.+?)\.wasm"/g)].map(([, parts, variable, file]) => ({ parts: parts.split(", "), variable, file }));
const parts = found(/export const __wasm_split_load_(\w+) = wrapAsyncCb\(makeLoad\(([^]*?), \[(.*?)\]\)\);/g, "loader of a part").map(([, part, fetcher, deps]) => ({
  part,
  file: /new URL\("\.\/(.+?)\.wasm"/.exec(fetcher)?.[1],
  chunks: deps.split(", ").filter(Boolean).map((variable) => chunks.find((chunk) => chunk.variable === variable)),
}));

/** A module of wasm-split-cli as it is shipped: development keeps its names. */
const read = (file) => (mode === "dev" ? (bytes) => bytes : unnamed)(readFileSync(join(split, `${file}.wasm`)));

/** The bytes of code and data in a module of wasm-split-cli. */
const code = (file) =>
  file ? sectionsOf(readFileSync(join(split, `${file}.wasm`))).filter(({ id }) => id === 10 || id === 11).reduce((sum, { content, end }) => sum + end - content, 0) : 0;

/** What is loaded together: the parts of each page, and each part that is fetched by itself; with about what these weigh without what they share. */
function loads() {
  const rows = rowsOf(name).map(([, needed]) => needed);
  const alone = parts.map(({ part }) => part).filter((part) => !rows.some((needed) => needed.includes(part)));
  const own = (part) => weightOf(code(parts.find((known) => known.part === part)?.file));
  return [...rows, ...alone.map((part) => [part])].map((needed) => ({ needed, own: needed.reduce((sum, part) => sum + own(part), 0), weight: 1 }));
}

/** Sorts the chunks into groups. Whoever needs one chunk of a group loads all of it; so the two groups whose union costs the least become one, until few are left. */
function grouped() {
  for (const chunk of chunks) chunk.size = code(chunk.file);
  const pages = loads();
  const cost = ({ size, by }) => weightOf(size) * pages.reduce((sum, { weight }, at) => sum + (by[at] ? weight : 0), 0);
  const union = (one, other) => ({ size: one.size + other.size, by: one.by.map((needs, at) => needs || other.by[at]), chunks: [...one.chunks, ...other.chunks] });
  let groups = chunks.map((chunk) => ({ size: chunk.size, by: pages.map(({ needed }) => chunk.parts.some((part) => needed.includes(part))), chunks: [chunk] }));
  const added = (one, other) => cost(union(one, other)) - one.cost - other.cost;
  const nearest = (one, others) =>
    others.reduce((best, other) => {
      const by = added(one, other);
      return by < best.by ? { by, other } : best;
    }, { by: Infinity });
  // A page that has come to load much is the one to spare, far before others: the bound is for each page.
  const weigh = () => {
    const totals = pages.map(({ own }, at) => groups.reduce((sum, { size, by }) => sum + (by[at] ? weightOf(size) : 0), own));
    const most = Math.max(...totals);
    pages.forEach((page, at) => (page.weight = (totals[at] / most) ** SPARED));
    for (const group of groups) group.cost = cost(group);
    groups.forEach((group, at) => (group.nearest = nearest(group, groups.slice(0, at))));
  };
  const few = Math.max(2, Math.round((parts.length * SHARED_FOR_THREE) / 3));
  for (let merged = 0; groups.length > few; merged++) {
    if (merged % WEIGHED_EVERY === 0) weigh();
    const one = groups.reduce((best, group) => (group.nearest.by < best.nearest.by ? group : best));
    const pair = [one, one.nearest.other];
    groups = groups.filter((group) => !pair.includes(group));
    groups.forEach((group, at) => {
      if (pair.includes(group.nearest.other)) group.nearest = nearest(group, groups.slice(0, at));
    });
    const whole = union(...pair);
    whole.cost = cost(whole);
    whole.nearest = nearest(whole, groups);
    groups.push(whole);
  }
  return groups.sort((one, other) => other.by.filter(Boolean).length - one.by.filter(Boolean).length).map((group) => group.chunks);
}

/** The modules of what parts share: the one that most pages need is `common`, which a site fetches ahead. Development merges nothing. */
const shared = (mode === "dev" ? chunks.map((chunk) => [chunk]) : grouped()).map((group, at) => ({
  file: mode === "dev" ? group[0].file : at === 0 ? "common" : `shared_${at}`,
  chunks: group,
}));

/** The loader: what a part needs is fetched side by side, and what failed is tried again with the next call. */
function loaderOf(all) {
  const modules = [...new Set(all.flatMap(files))];
  const names = new Map(modules.map((file, at) => [file, `piece${at}`]));
  return `import { initSync } from "./${name}.js";
let imports;
const shared = () => {
  if (!imports) {
    const { ${shares} } = initSync();
    const given = { ${[canary.replace(/,$/, ""), shares].filter(Boolean).join(", ")} };
    imports = { ${SHARED}: given, ${MAIN}: given };
  }
  return imports;
};
const once = (work) => {
  let begun;
  return () => {
    if (!begun) {
      begun = work();
      begun.catch(() => (begun = undefined));
    }
    return begun;
  };
};
const piece = (url) => once(async () => WebAssembly.instantiateStreaming(fetch(new URL(url, import.meta.url)), shared()));
const part = (pieces) => async (callback, data) => {
  let here = true;
  try {
    await Promise.all(pieces.map((load) => load()));
  } catch (error) {
    console.warn("A part of the page could not be fetched.", error);
    here = false;
  }
  shared().${SHARED}.__indirect_function_table.get(callback)(data, here);
};
${modules.map((file) => `const ${names.get(file)} = piece("./${file}.wasm");`).join("\n")}
${all.map((each) => `export const __wasm_split_load_${each.part} = part([${files(each).map((file) => names.get(file)).join(", ")}]);`).join("\n")}
`;
}

/** Merges modules. What they import from main goes through one small module, so that it stays one memory and one table. */
function merge(files, to) {
  const modules = files.map((file) => [join(split, `${file}.unnamed.wasm`), read(file)]);
  for (const [file, bytes] of modules) writeFileSync(file, bytes);
  const gate = join(split, "gate.wasm");
  writeFileSync(gate, gateOf(modules.map(([, bytes]) => bytes)));
  const named = [gate, SHARED, ...modules.flatMap(([file], at) => [file, `chunk${at}`])];
  const program = fileURLToPath(new URL("../end2end/node_modules/.bin/wasm-merge", import.meta.url));
  execFileSync(program, [...FEATURES, ...named, "-o", to], { stdio: ["ignore", "ignore", "inherit"] });
}

/** A module that hands on, under the same names, what the given modules import from main. */
function gateOf(modules) {
  const handed = new Map();
  for (const module of modules) for (const { from, field, kind, type } of importsOf(module)) if (from === SHARED) handed.set(field, { kind, type });
  const text = (value) => [...leb(Buffer.byteLength(value)), ...Buffer.from(value)];
  const section = (id, entries) => {
    const body = [...leb(entries.length), ...entries.flat()];
    return [id, ...leb(body.length), ...body];
  };
  const counts = {};
  const all = [...handed].map(([field, { kind, type }]) => ({ field, kind, type, index: (counts[kind] = (counts[kind] ?? -1) + 1) }));
  const imports = all.map(({ field, kind, type }) => [...text(MAIN), ...text(field), kind, ...type]);
  const exports = all.map(({ field, kind, index }) => [...text(field), kind, ...leb(index)]);
  return Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section(2, imports), ...section(7, exports)]);
}

function leb(value) {
  const bytes = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value > 0);
  return bytes;
}

/** The sections of a module: id, where each begins, where its content does, and where it ends. */
function sectionsOf(bytes) {
  const reader = new Reader(bytes);
  const sections = [];
  while (reader.at < bytes.length) {
    const start = reader.at;
    const id = reader.byte();
    const size = reader.number();
    sections.push({ id, start, content: reader.at, end: (reader.at += size) });
  }
  return sections;
}

/** What a module imports: module and field, kind, and the bytes of the type. */
function importsOf(bytes) {
  const section = sectionsOf(bytes).find(({ id }) => id === 2);
  if (!section) return [];
  const reader = new Reader(bytes, section.content);
  return Array.from({ length: reader.number() }, () => {
    const [from, field, kind, start] = [reader.text(), reader.text(), reader.byte(), reader.at];
    reader.skipType(kind);
    return { from, field, kind, type: bytes.subarray(start, reader.at) };
  });
}

/** A module without its names, of which rustc writes more than binaryen reads. */
function unnamed(bytes) {
  const isNames = ({ id, content }) => id === 0 && new Reader(bytes, content).text() === "name";
  const kept = sectionsOf(bytes).filter((section) => !isNames(section));
  return Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ start, end }) => bytes.subarray(start, end))]);
}

mkdirSync(out, { recursive: true });
const copy = (file) => writeFileSync(join(out, `${file}.wasm`), read(file));
for (const { file } of parts) if (file) copy(file);
copyFileSync(join(split, `${name}.wasm`), join(out, `${name}.wasm`));
for (const { file, chunks } of shared) {
  if (chunks.length > 1) merge(chunks.map((chunk) => chunk.file), join(out, `${file}.wasm`));
  else writeFileSync(join(out, `${file}.wasm`), read(chunks[0].file));
}

/** The files of a part, what most share first. */
const files = (part) => {
  const needed = shared.filter(({ chunks }) => chunks.some((chunk) => part.chunks.includes(chunk)));
  return [...needed.map(({ file }) => file), ...(part.file ? [part.file] : [])];
};
writeFileSync(join(out, "parts.json"), JSON.stringify(Object.fromEntries(parts.map((part) => [part.part, files(part)])), null, 2));
writeFileSync(join(out, "__wasm_split.js"), loaderOf(parts));
