// Finishes the browser's half of a build: bundles and minifies glue and style sheets, names each file by its content,
// lays a brotli and a gzip copy beside it, copies public/, and writes manifest.json, which the server reads at start.
// Usage: node scripts/assets.mjs release|dev BUNDLES SITE
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const { build } = createRequire(new URL("../end2end/package.json", import.meta.url))("esbuild");
const [mode, bundles, site] = process.argv.slice(2);
const release = mode !== "dev";
const browsers = ["chrome111", "edge111", "firefox114", "safari16.4"];
const styles = { admin: "style/admin.css", "my-access": "style/my_access.css" };
const compressible = new Set([".js", ".wasm", ".css", ".svg", ".txt", ".json", ".html", ".xml", ".webmanifest"]);
const kept = new Set();

function compress(file, content) {
  if (!release || !compressible.has(extname(file))) return;
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: content.length };
  const copies = { ".br": () => brotliCompressSync(content, { params }), ".gz": () => gzipSync(content, { level: 9 }) };
  for (const [suffix, squeeze] of Object.entries(copies)) {
    kept.add(file + suffix);
    if (!existsSync(file + suffix) || statSync(file + suffix).mtimeMs < statSync(file).mtimeMs) writeFileSync(file + suffix, squeeze());
  }
}

/** Writes a file of the site, and leaves one alone that is the same already. */
function place(file, content) {
  kept.add(file);
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file) || !readFileSync(file).equals(content)) writeFileSync(file, content);
  compress(file, content);
}

/** Writes `pkg/NAME.HASH.EXT` and returns its URL. */
function placeHashed(name, ext, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const file = `${name}.${hash}.${ext}`;
  place(join(site, "pkg", file), content);
  return `/pkg/${file}`;
}

// What a style sheet names from the root of the site is a file of public/, not of this machine.
const fromRoot = {
  name: "from-root",
  setup: ({ onResolve }) => onResolve({ filter: /^\// }, ({ path, kind }) => (kind === "url-token" ? { path, external: true } : undefined)),
};

async function bundled(entry) {
  const options = { bundle: true, write: false, minify: release, target: browsers, format: "esm", charset: "utf8", legalComments: "none", logLevel: "warning" };
  // wasm-bindgen writes one import of the loader for each part.
  options.logOverride = { "duplicate-object-key": "silent" };
  const built = await build({ ...options, entryPoints: [entry], plugins: [fromRoot] });
  return Buffer.from(built.outputFiles[0].contents);
}

/** The hashed files of a site: the glue names every module, so the modules come first. */
async function buildSite(name) {
  const pieces = join(bundles, name, "pieces");
  const parts = JSON.parse(readFileSync(join(pieces, "parts.json"), "utf8"));
  const own = `${name}_bg.wasm`;
  const place = (file) => placeHashed(file === name ? name : `${name}-${file.replace(/^split_/, "")}`, "wasm", readFileSync(join(pieces, `${file}.wasm`)));
  let glue = (await bundled(join(pieces, `${name}.js`))).toString();
  const urls = {};
  for (const file of [name, ...new Set(Object.values(parts).flat())]) {
    const named = file === name ? own : `${file}.wasm`;
    if (!glue.includes(named)) throw new Error(`${name}.js does not name ${named}, so it cannot be pointed at its file`);
    urls[file] = place(file);
    glue = glue.replaceAll(new RegExp(`(?<=["'/])${named.replaceAll(".", "\\.")}(?=["'])`, "g"), urls[file].slice("/pkg/".length));
  }
  const js = placeHashed(name, "js", Buffer.from(glue));
  const css = placeHashed(name, "css", await bundled(styles[name]));
  const modules = Object.entries(parts).map(([part, files]) => [part, files.map((file) => urls[file])]);
  return { js, wasm: urls[name], css, parts: Object.fromEntries(modules), idle: urls.common ? [urls.common] : [] };
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** What a manifest names, below pkg/. */
const named = (manifest) => [...JSON.stringify(manifest).matchAll(/"(\/pkg\/[^"]+)"/g)].map(([, url]) => url);

const list = join(site, "manifest.json");
mkdirSync(site, { recursive: true });
const before = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : {};
const manifest = {};
for (const name of Object.keys(styles)) manifest[name] = await buildSite(name);
for (const file of filesBelow("public")) place(join(site, relative("public", file)), readFileSync(file));

// Pages of the build before this one are still open somewhere, and ask for their parts by name: its files stay for one build more.
const now = named(manifest);
const { former = [], ...last } = before;
const replaced = named(last).filter((url) => !now.includes(url));
manifest.former = replaced.length > 0 ? replaced : former.filter((url) => !now.includes(url));
for (const url of manifest.former) for (const suffix of ["", ".br", ".gz"]) kept.add(join(site, url + suffix));

// The manifest goes last and in one move: who reads it finds every file that it names.
writeFileSync(`${list}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
renameSync(`${list}.new`, list);
kept.add(list);
for (const file of filesBelow(site)) if (!kept.has(file)) rmSync(file);
