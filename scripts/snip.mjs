// Takes code out of a browser bundle that nothing there calls but that the linker has to keep, since tables of functions name it:
// hydrating a view step by step (only `hydrate_lazy` and lazy routes do), or from a template; listing routes (only the server does);
// streams between Rust and the page (only streaming server functions do).
// Usage: node scripts/snip.mjs IN.wasm OUT.wasm     IN has its names still
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "../end2end/node_modules/binaryen/index.js";

const uncalled = /hydrate_async|hydrate_from_template|generate_routes|into_underlying/;
const [, , from, to] = process.argv;
const bundle = binaryen.readBinary(readFileSync(from));
let taken = 0;
for (let at = 0; at < bundle.getNumFunctions(); at += 1) {
  const each = bundle.getFunctionByIndex(at);
  const { name, module } = binaryen.getFunctionInfo(each);
  if (!module && uncalled.test(name)) {
    binaryen.Function(each).body = bundle.unreachable();
    taken += 1;
  }
}
if (taken === 0) {
  console.error(`${from} holds nothing to take out. Remedy: were its names stripped? See scripts/build.sh`);
  process.exit(1);
}
writeFileSync(to, bundle.emitBinary());
