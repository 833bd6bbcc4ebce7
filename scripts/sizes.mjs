// What each page loads on a first visit: main, the parts it needs, glue, style sheet and the scripts of public/, compressed by brotli as they
// are sent. Which page needs which parts stands in src/admin/code_splitting.rs and src/my_access/code_splitting.rs; the pages with the same parts weigh the same,
// so there is one line for each. Needs a release build in target/site.
// Usage: node scripts/sizes.mjs     prints a table, and fails when a page is beyond its bound
import { readFileSync, readdirSync, statSync } from "node:fs";
import { rowsOf } from "./code-splitting.mjs";

const site = "target/site";
const ANY_PAGE = 400_000;
// Pages that are beyond that still, each with what it may weigh until its parts are smaller: docs/performance.md.
const BEYOND = {
  "/admin/packages/new/*/resource-roles": 403_000,
  "/admin/packages/new/*/requests": 405_000,
  "/admin/packages/*/policies/*": 414_000,
};
const sites = {
  "my-access": { main: "/my-access", bound: 250_000 },
  admin: { main: "/admin", bound: 250_000 },
};

const bytes = (url) => statSync(`${site}${url}.br`).size;
const sum = (urls) => urls.reduce((total, url) => total + bytes(url), 0);

function pages() {
  const manifest = JSON.parse(readFileSync(`${site}/manifest.json`, "utf8"));
  const scripts = readdirSync(site).filter((file) => file.endsWith(".js")).map((file) => `/${file}`);
  return Object.entries(sites).flatMap(([name, { main, bound }]) => {
    const { js, wasm, css, parts } = manifest[name];
    const page = ([path, needed]) => {
      const missing = needed.filter((part) => !parts[part]);
      if (missing.length > 0) throw new Error(`${path} needs ${missing}, which the build does not have`);
      const modules = [...new Set([wasm, ...needed.flatMap((part) => parts[part])])];
      const weights = { js: sum([...scripts, js]), wasm: sum(modules), css: bytes(css) };
      return { path, files: modules.length, ...weights, together: weights.js + weights.wasm + weights.css, bound: path === main ? bound : (BEYOND[path] ?? ANY_PAGE) };
    };
    return [[main, []], ...rowsOf(name)].map(page);
  });
}

const thousands = (number) => number.toLocaleString("en");
const all = pages();
console.log("| page | modules | js | wasm | css | together | bound |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
for (const { path, files, js, wasm, css, together, bound } of all) console.log(`| ${path} | ${[files, js, wasm, css, together, bound].map(thousands).join(" | ")} |`);
const over = all.filter(({ together, bound }) => together > bound);
for (const { path, together, bound } of over) console.error(`${path} is ${together - bound} bytes over its bound. Remedy: see docs/performance.md`);
process.exit(over.length > 0 ? 1 : 0);
